// Invented plans for development without the shell. `?members=` is the number of members of each kind, `?plan=` another plan:
// `held`, `missing`, `nothing`, `failed`, `undone`, `moved`, `superseded`. Never part of a production build.

import type { ErrorView, MemberField, PlanCountsView, PlanFieldView, PlanKind, PlanRowView, RunView, SyncApplyRequest, SyncMatchRequest, SyncProgressView } from "../bindings/types";

const query = new URLSearchParams(location.search);
const wanted = query.get("plan") ?? "held";
const many = Math.max(1, Number(query.get("members") ?? 300));
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const refuse = (code: ErrorView["code"], detail?: ErrorView["detail"]): never => {
  throw { code, message: `invented: ${code}`, ...(detail ? { detail } : {}) } satisfies ErrorView;
};

const FIRST = ["Aoife", "Cian", "Niamh", "Oisín", "Sadhbh", "Pádraig", "Clodagh", "Tadhg", "Gráinne", "Eoin"];
const LAST = ["Ní Dhomhnaill", "Mac Giolla", "de Búrca", "McCarthy", "O’Brien", "Ó Cuinn", "Breathnach", "Walsh", "Ó Sé"];
const pick = (list: string[], place: number) => list[place % list.length] ?? "";

const field = (name: MemberField, reason: string, base: string | null, club: string | null, federation: string | null, becomes: string | null): PlanFieldView => ({ field: name, reason, base, club, federation, becomes });
const digits = (place: number) => String(100 + (place % 900));

function row(kind: PlanKind, place: number): PlanRowView {
  const number = place + 1;
  const plain: PlanRowView = {
    number,
    kind,
    member_id: `member-${kind}-${number}`,
    member: {
      external_id: `SW-${20_000 + number}`, first_name: pick(FIRST, place), last_name: pick(LAST, place), date_of_birth: `201${place % 8}-05-0${1 + (place % 9)}`,
      email: `${pick(FIRST, place).toLowerCase()}.${number}@example.ie`, phone: `087 555 0${digits(place)}`, address_line_1: "14 Sráid na Trá", town: "Cill Dubhán", membership_type: "Juvenile",
    },
    fields: [],
    confidence: null,
    problem: null,
    unmatched: null,
    warnings: [],
  };
  const others = [
    field("address_line_1", "federation_changed", "14 Sráid na Trá", "14 Sráid na Trá", "3 Bóthar na hAbhann", "3 Bóthar na hAbhann"),
    field("membership_type", "federation_changed", "Juvenile", "Juvenile", "Youth", "Youth"),
    field("email", "club_edited", "ose@example.ie", "ose.family@example.ie", "ose@example.ie", "ose.family@example.ie"),
  ];
  switch (kind) {
    case "update": {
      const fields = [
        field("address_line_1", "federation_changed", "Clonmoyle Road", "Clonmoyle Road", "12 Clonmoyle Road", "12 Clonmoyle Road"),
        field("town", "federation_changed", "Rathbrack", "Rathbrack", "Cill Dubhán", "Cill Dubhán"),
        field("email", "filled_in", null, null, "roisin.mccarthy@example.ie", "roisin.mccarthy@example.ie"),
        field("guardian_phone", "federation_removed", "087 555 0111", "087 555 0111", null, null),
        field("phone", "agreed", "087 555 0100", "+1 (0) 555-CLUB", "+1 (0) 555-CLUB", "+1 (0) 555-CLUB"),
      ];
      return { ...plain, fields, warnings: [{ field: "phone", kind: "unreadable_phone" }], confidence: place % 7 === 2 ? "likely" : null };
    }
    case "conflict": {
      const phone = field("phone", "conflict", "087 555 0142", `086 555 0${digits(place)}`, "087 555 0199", `086 555 0${digits(place)}`);
      const town = field("town", "conflict", null, "Tallow", "Dungarvan", "Tallow");
      return { ...plain, fields: [phone, ...(place % 3 === 1 ? [town] : []), ...others] };
    }
    case "problem": {
      const { last_name: _, ...member } = plain.member;
      if (place % 2 === 0 && place % 3 !== 0) return { ...plain, member_id: null, member, problem: { field: "last_name", kind: "missing" } };
      return { ...plain, member_id: null, unmatched: pick(["other_id", "duplicate_id", "several_members", "birth_missing", "already_matched"], place) };
    }
    case "unchanged": if (place % 5 === 1) return { ...plain, member_id: null, unmatched: "other_id", passed_over: "left_alone" };
      return { ...plain, fields: [field("phone", "agreed", "087 555 0100", "087 555 0101", "087 555 0101", "087 555 0101")] };
    default: return plain;
  }
}

const small = wanted === "nothing";
let counts: PlanCountsView = small ? { creates: 0, updates: 0, unchanged: 272, conflicts: 0, leavers: 0, problems: 0 } : { creates: many, updates: many, unchanged: many, conflicts: many, leavers: many, problems: many };
const rows: Record<PlanKind, number[]> = { create: [], update: [], unchanged: [], conflict: [], leaver: [], problem: [] };
if (!small) for (const kind of Object.keys(rows) as PlanKind[]) rows[kind] = Array.from({ length: many }, (_, place) => place);
let hash = 1;
let state: RunView["state"] = wanted === "superseded" ? "superseded" : wanted === "held" || wanted === "missing" ? "held" : "planned";
let making = false;
let undone = wanted === "undone";

function run(): RunView {
  return {
    run_id: "invented-run", connection_id: "invented", source: "sync", asked_by: "person", state, started_at: Date.now() - 20_000, ended_at: Date.now() - 1000,
    fetched: many * 5, page: 3, erased: query.has("erased") ? 2 : 0, counts, hash: `hash-${hash}`,
    held: wanted === "held" ? [{ guard: "too_many_leavers", detail: "invented" }] : wanted === "missing" ? [{ guard: "total_mismatch", detail: "invented" }] : [],
    template: "practice", template_version: 3, class: null, finding: null, message: null, applied_at: null, undone_at: null,
  };
}

function decided(of: number[]): RunView {
  rows.conflict = rows.conflict.filter((place) => !of.includes(place));
  counts = { ...counts, conflicts: rows.conflict.length, updates: counts.updates + of.length };
  hash += 1;
  return run();
}

// Arguments are taken as they come; the typed side is `ipc.ts`.
export const syncCommands: Record<string, (args: any) => unknown> = {
  sync_preview: async ({ onStep }: { onStep: (far: SyncProgressView) => void }) => {
    making = true;
    for (let page = 1; page <= (wanted === "slow" ? 600 : 3); page += 1) {
      await pause(wanted === "slow" ? 800 : 60);
      if (!making) refuse("cancelled");
      onStep({ fetched: page * 200, page, expected: query.has("untold") ? null : 120_000 });
    }
    if (wanted === "failed") refuse("bad_credentials", { kind: "finding", finding: "unauthorised", status: 401 });
    return run();
  },
  sync_cancel: () => {
    making = false;
    return null;
  },
  sync_run: () => run(),
  sync_history: () => [run()],
  sync_plan: async ({ kind, after, limit }: { kind: PlanKind; after: string | null; limit: number }) => {
    await pause(10);
    const from = after === null ? 0 : Number(after);
    const of = rows[kind];
    return { rows: of.slice(from, from + limit).map((place) => row(kind, place)), next: from + limit < of.length ? String(from + limit) : null };
  },
  sync_match: ({ request: { row: number } }: { request: SyncMatchRequest }) => {
    rows.problem = rows.problem.filter((place) => place !== number - 1);
    counts = { ...counts, problems: rows.problem.length, updates: counts.updates + 1 };
    hash += 1;
    return run();
  },
  sync_resolve: ({ number }: { number: number }) => decided([number - 1]),
  sync_resolve_similar: () => decided([...rows.conflict]),
  sync_apply: ({ request: { allow, leave_out } }: { request: SyncApplyRequest }) => {
    if (undone) refuse("held");
    if (wanted === "moved") refuse("changed_meanwhile");
    if (run().held.some((guard) => leave_out === undefined && !(allow ?? []).includes(guard.guard))) refuse("held");
    state = "applied";
    return run();
  },
  sync_apply_again: () => {
    undone = false;
    return null;
  },
};
