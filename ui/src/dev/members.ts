// Invented members for development without the shell; `?rows=` says how many. Never part of a production build.

import type { MemberDetailView, MemberField, MemberRowView, MemberSearchRequest, MemberSearchView, TraceView } from "../bindings/types";

const FIRST = ["Seán", "Aoife", "Máire", "Cian", "Niamh", "Oisín", "Róisín", "Seána", "Tadhg", "Úna"];
const LAST = ["Ó Sé", "O’Brien", "Murphy", "de Búrca", "Mac Giolla", "McCarthy", "Ní Dhomhnaill", "Walsh", "Ó Seanacháin", "Whelan"];
const CLUBS = ["Ardmore Emmets", "Baile Uí Dhuibh", "Carrickdemo Camogie Club"];
const AT = Date.now() - 40 * 86_400_000;

const fold = (text: string) => text.normalize("NFKD").replace(/\p{M}/gu, "").replace(/['’]/g, "").toLowerCase();

let rows: MemberRowView[] | null = null;
const edited = new Map<string, Partial<Record<MemberField, string | null>>>();

function all(wanted: number): MemberRowView[] {
  rows ??= Array.from({ length: wanted }, (_, index): MemberRowView => {
    const first = FIRST[index % FIRST.length] ?? "";
    const last = LAST[Math.floor(index / 3) % LAST.length] ?? "";
    const club = CLUBS[index % CLUBS.length] ?? "";
    return {
      member_id: `0191-${index}`,
      first_name: first,
      last_name: last,
      irish_first_name: index % 3 === 0 ? first : null,
      irish_last_name: index % 3 === 0 ? last : null,
      date_of_birth: index % 11 === 0 ? null : `${1960 + (index % 55)}-0${1 + (index % 9)}-1${index % 10}`,
      membership_type: ["Adult", "Youth", "Juvenile"][index % 3] ?? null,
      status: index % 5 === 0 ? "inactive" : index % 17 === 0 ? "pending" : "active",
      left_at: index % 23 === 7 ? AT : null,
      edited: index % 7 === 0,
      org: fold(club).replaceAll(" ", "-"),
      club,
      code: "gaa_foireann",
      version: 1,
    };
  }).sort((a, b) => fold(`${a.last_name} ${a.first_name}`).localeCompare(fold(`${b.last_name} ${b.first_name}`)));
  return rows;
}

export function searchMembers(wanted: number, request: MemberSearchRequest): MemberSearchView {
  const words = fold(request.search ?? "").split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  const found = all(wanted).filter((row) => {
    const own = fold([row.first_name, row.last_name, row.irish_first_name, row.irish_last_name].join(" ")).split(/[^\p{L}\p{N}]+/u);
    const stands =
      request.filter === "active" ? row.status === "active" && row.left_at === null
      : request.filter === "lapsed" ? row.status === "inactive" && row.left_at === null
      : request.filter === "left" ? row.left_at !== null
      : request.filter === "edited" ? row.edited : true;
    return stands && (request.org === undefined || row.org === request.org) && words.every((word) => own.some((one) => one.startsWith(word)));
  });
  const key = (row: MemberRowView) => (request.sort === "born" ? (row.date_of_birth ?? "") : request.sort === "club" ? row.club : request.sort === "status" ? (row.status ?? "") : "");
  found.sort((a, b) => key(a).localeCompare(key(b)));
  if (request.descending) found.reverse();
  const from = Number(request.after ?? 0);
  const to = from + request.limit;
  return { rows: found.slice(from, to), next: to < found.length ? String(to) : null, found: Math.min(1000, found.length), more: words.length > 0 && found.length > 1000, all: wanted };
}

function row(id: string): MemberRowView | undefined {
  return rows?.find((one) => one.member_id === id);
}

export function showMember(id: string): MemberDetailView | undefined {
  const one = row(id);
  if (!one) return undefined;
  const base: Partial<Record<MemberField, string | null>> = {
    external_id: `SW-2${id.slice(5)}`, first_name: one.first_name, last_name: one.last_name, date_of_birth: one.date_of_birth,
    membership_type: one.membership_type, status: one.status, phone: "086 555 0107", email: "family@example.ie", address_line_1: "14 Sráid na Trá",
    town: "Trá Mhór", medical_notes: id.endsWith("2") ? "Carries an inhaler" : null,
  };
  const now = { ...base, ...edited.get(id) };
  const federation: typeof base = { ...base, phone: one.edited ? "087 555 0199" : "086 555 0107" };
  return {
    row: one,
    connector_name: "Foireann",
    created_at: AT,
    updated_at: AT,
    values: (Object.keys({ ...base, guardian_name: null }) as MemberField[]).map((field) => ({
      field, value: now[field] ?? null, federation: federation[field] ?? null, differs: (now[field] ?? null) !== (federation[field] ?? null),
      sensitive: field === "medical_notes", editable: field !== "external_id", source: "came", since: AT,
    })),
  };
}

export function traceMember(id: string, field: MemberField): TraceView | undefined {
  const detail = showMember(id);
  const value = detail?.values.find((one) => one.field === field);
  if (!detail || !value) return undefined;
  const came = { before: null, after: "+353 87 555 0142", run_id: null };
  return {
    value,
    connector_name: detail.connector_name,
    forgotten: value.differs,
    steps: [
      ...(value.differs
        ? [
            { kind: "kept_club" as const, at: Date.now() - 3_600_000, before: value.federation, after: value.value, run_id: null, detail: null },
            { kind: "edited" as const, at: AT + 86_400_000, before: "087 555 0142", after: value.value, run_id: null, detail: null },
          ]
        : []),
      { kind: "rule" as const, at: AT, ...came, detail: "trim, phone" },
      { kind: "came" as const, at: AT, ...came, after: value.federation, detail: "contact.mobile" },
    ],
  };
}

export function removeMember(id: string): void {
  rows = rows?.filter((one) => one.member_id !== id) ?? null;
}

/** False where a day is none. */
export function editMember(id: string, changes: { field: MemberField; value: string | null }[]): boolean {
  if (changes.some((one) => one.field === "date_of_birth" && !/^\d/.test(one.value ?? ""))) return false;
  edited.set(id, { ...edited.get(id), ...Object.fromEntries(changes.map((one) => [one.field, one.value])) });
  return true;
}
