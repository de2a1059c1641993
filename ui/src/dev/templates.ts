// Invented templates for development without the shell: shapes of what the program says, not its rules.

import type { FieldError, FieldTrace, MemberField, RecordTraceView, TemplateDraft, TemplateFieldForm, TemplateForm, TemplateListView, TemplatePartsView, TemplateRowView, TemplateSamplesView, TemplateTryView, TemplateView, Transform } from "../bindings/types";
import { HOUR, NOW } from "./data";

const query = new URLSearchParams(location.search);
const steps: Partial<Record<MemberField, Transform[]>> = {
  first_name: ["trim", "name_case"], last_name: ["trim", "name_case"], date_of_birth: ["trim", "date"], email: ["trim", "email"], phone: ["trim", "phone"], status: ["trim", "status"], gender: ["trim", "gender"], postcode: ["trim", "postcode"], full_name: ["trim", "name_case", "split_name"],
};
const ALL: MemberField[] = ["external_id", "first_name", "last_name", "full_name", "irish_first_name", "irish_last_name", "date_of_birth", "gender", "email", "phone", "address_line_1", "address_line_2", "town", "county", "postcode", "membership_type", "status", "joined_on", "guardian_name", "guardian_email", "guardian_phone", "medical_notes"];
const part = (field: MemberField, from: string[] = [], more: Partial<TemplateFieldForm> = {}): TemplateFieldForm => ({ field, from, join: null, constant: null, transforms: steps[field] ?? ["trim"], required: field === "last_name", sensitive: false, check: null, ...more });

const form: TemplateForm = {
  id: "own_foireann",
  name: query.has("long") ? "Foireann members export of the united and associated clubs of the west" : "Foireann, our columns",
  country: "IE",
  date_order: "day_first",
  fields: [
    part("external_id", ["identifier", "Membership Number"]),
    part("first_name", ["Forename"]),
    part("last_name", ["Surname"]),
    part("date_of_birth", ["DOB"]),
    part("email", ["Email"]),
    part("phone", ["Mobile Number", "Home Number"]),
    part("membership_type", ["Grade", "Team"], { join: " / ", transforms: ["trim", { lookup: "grades" }] }),
    part("status", ["Status"]),
    part("medical_notes", ["Medical Conditions"]),
  ],
  status_words: [{ word: "Gone fishing", means: "inactive" }],
  gender_words: [],
  lookups: [{ name: "grades", rows: [{ from: "A", to: "Adult" }, { from: "U12", to: "Under 12" }], otherwise: "warn" }],
};

const USERS = [{ code: "gaa_foireann", name: "GAA Foireann", is_deleted: false }];
let saved: TemplateForm[] = [form];
let version = 4;

const row = (of: TemplateForm, more: Partial<TemplateRowView> = {}): TemplateRowView => ({ id: of.id, name: of.name, version, country: "IE", fields: of.fields.map((one) => one.field), origin: "own", place: "saved", used_by: of.id === form.id ? USERS : [], used_by_count: of.id === form.id ? 1 : 0, ...more });
const given = (id: string, name: string, used = 0): TemplateRowView => row({ ...form, id, name }, { version: 1, origin: "built_in", place: "preset", used_by: used > 0 ? [{ code: "practice", name: "Practice federation", is_deleted: false }] : [], used_by_count: used });

export const templateList = (): TemplateListView => ({
  templates: [given("practice", "Practice federation", 3), given("foireann_members", "Foireann members export (CSV)"), given("justgo", "JustGo"), given("hitobito", "hitobito"), given("comet", "COMET (Analyticom)"), ...saved.map((one) => row(one)), row({ ...form, id: "county", name: "County board export" }, { place: "file", version: 7 })],
  problems: query.has("badtemplate") ? [{ file: "old.toml", key: "requird", message: "old.toml, line 7: unknown field `requird`" }] : [],
  is_locked: false,
});

const toml = (of: TemplateForm): string =>
  [`id = "${of.id}"`, `name = "${of.name}"`, `version = ${version}`, `country = "${of.country}"`, ...of.fields.flatMap((one) => ["", `[fields.${one.field}]`, `from = ${JSON.stringify(one.from)}`, `transforms = ${JSON.stringify(one.transforms)}`, ...(one.required ? ["required = true"] : [])])].join("\n");

function view(of: TemplateForm, place: TemplateView["place"] = "saved"): TemplateView {
  return { template: { id: of.id, name: of.name, version, country: of.country, date_order: of.date_order, fields: {} }, origin: place === "preset" ? "built_in" : "own", toml: toml(of), form: of, place, saved_at: NOW - 3 * HOUR, used_by: of.id === form.id ? USERS : [], used_by_count: of.id === form.id ? 1 : 0 };
}

const PEOPLE: Record<string, string>[] = [
  { identifier: "SW-20418", Forename: "SEÁN", Surname: "Ó SÉ", DOB: "03/04/2010", Email: "sean.ose@example.ie", "Mobile Number": "087 123 4567", Grade: "U12", Team: "Hurling", Status: "Registered" },
  { identifier: "SW-20419", Forename: "Róisín", Surname: "de Búrca", DOB: "31/02/2011", Email: "roisin@example", "Mobile Number": "ask mam", Grade: "Z", Status: "Gone fishing" },
  { identifier: "SW-20420", Forename: "Aoife", DOB: "12/11/1987", Email: "aoife@example.ie", "Mobile Number": "+44 28 9012 3456", Grade: "A", Status: "Lapsed" },
  { identifier: "SW-20421", Forename: "CIARÁN", Surname: "MCCARTHY", DOB: "01/05/1999", Grade: "A", Status: "Active" },
  { "Membership Number": "77", Forename: "Niamh", Surname: "Ní Bhriain", DOB: "22/09/2008", Email: "niamh@example.ie", Grade: "U12", Status: "Active" },
];

function trace(one: TemplateFieldForm, person: Record<string, string>): FieldTrace {
  if (one.field === "medical_notes" && !one.sensitive) return { field: one.field, source: null, raw: null, after: null, warning: null, is_off: true };
  const source = one.from.find((path) => person[path] !== undefined) ?? null;
  const raw = one.constant ?? (source === null ? null : (person[source] ?? null));
  const lost = one.field === "date_of_birth" && raw === "31/02/2011";
  const warning = lost ? "impossible_date" : one.field === "phone" && raw === "ask mam" ? "unreadable_phone" : one.field === "membership_type" && raw === "Z" ? "not_in_table" : null;
  const nice: Record<string, string> = { "SEÁN": "Seán", "Ó SÉ": "Ó Sé", "03/04/2010": "2010-04-03", "087 123 4567": "+353871234567", "CIARÁN": "Ciarán", "MCCARTHY": "McCarthy", U12: "Under 12", A: "Adult", Registered: "active", Lapsed: "inactive", "Gone fishing": "inactive", Active: "active" };
  return { field: one.field, source, raw, after: lost || raw === null ? null : (nice[raw] ?? raw), warning, is_off: false };
}

function attempt(draft: TemplateDraft, samples: string | null): TemplateTryView {
  const of = draft.kind === "form" ? draft.form : saved[0] ?? form;
  const broken = draft.kind === "text" && !draft.toml.includes("id =");
  const mistakes: FieldError[] = broken ? [{ field: "file", rule: "pattern" as const, message: "line 1: missing field `id`" }] : of.fields.filter((one) => one.from.some((path) => path === "")).map((one) => ({ field: `fields.${one.field}.from`, rule: "required" as const, message: "invented" }));
  if (draft.kind === "form" && of.name.trim() === "") mistakes.push({ field: "name", rule: "required", message: "invented" });
  if (draft.kind === "form" && !/^[a-z0-9_]+$/.test(of.id)) mistakes.push({ field: "id", rule: "pattern", message: "invented" });
  const records: RecordTraceView[] = samples === null ? [] : PEOPLE.map((person) => ({ fields: of.fields.filter((one) => !one.from.includes("")).map((one) => trace(one, person)), problem: person["Surname"] === undefined ? { field: "last_name", kind: "missing" } : null }));
  return { form: broken ? null : of, toml: draft.kind === "text" ? draft.toml : toml(of), mistakes, records, samples_gone: false };
}

export const templateCommands = {
  template_list: () => templateList(),
  template_show: ({ id }: { id: string }) => {
    const own = saved.find((one) => one.id === id);
    return own ? view(own) : view({ ...form, id, name: templateList().templates.find((one) => one.id === id)?.name ?? id }, id === "county" ? "file" : "preset");
  },
  template_parts: (): TemplatePartsView => ({ fields: ALL.map((field) => part(field)), sensitive: ["medical_notes"], countries: ["IE", "GB", "DE", "FR", "SE", "CH", "US", "CA", "NZ", "BE"] }),
  template_samples: (): TemplateSamplesView => ({ id: "samples-1", records: 5, paths: ["identifier", "Forename", "Surname", "DOB", "Email", "Mobile Number", "Grade", "Team", "Status"].map((path) => ({ path, filled: 4 })) }),
  template_samples_drop: () => null,
  template_try: ({ request }: { request: { draft: TemplateDraft; samples: string | null } }) => attempt(request.draft, request.samples),
  template_save: ({ request }: { request: { draft: TemplateDraft } }) => {
    const of = request.draft.kind === "form" ? request.draft.form : form;
    saved = [...saved.filter((one) => one.id !== of.id), of];
    version += 1;
    return view(of);
  },
  template_versions: () => [4, 3, 2, 1].map((number) => ({ version: number, name: form.name, saved_at: NOW - (5 - number) * 31 * HOUR, restored_from: number === 3 ? 1 : null, is_current: number === version })),
  template_version: ({ version: number }: { version: number }) => ({ ...view(form), template: { ...view(form).template, version: number } }),
  template_restore: () => {
    version += 1;
    return view(form);
  },
  template_delete: () => null,
};
