// Templates in words: steps, mistakes, and lists that are changed by buttons. What a template does is the program's alone.

import type { DateOrder, FieldError, MemberField, MemberGender, MemberStatus, Otherwise, TemplatePlace, Transform } from "../bindings/types";
import { ruleText } from "../errors";
import { m } from "../paraglide/messages.js";

type Text = () => string;
/** The word of a step, without what a table is called. */
export type StepName = Exclude<Transform, object> | "lookup";

/** Exhaustive: a new step does not compile here until it has its name. */
export const STEPS: Record<StepName, { name: Text; does: Text }> = {
  trim: { name: m.templates_step_trim, does: m.templates_step_trim_does },
  name_case: { name: m.templates_step_name_case, does: m.templates_step_name_case_does },
  phone: { name: m.templates_step_phone, does: m.templates_step_phone_does },
  date: { name: m.templates_step_date, does: m.templates_step_date_does },
  epoch_milliseconds: { name: m.templates_step_epoch_milliseconds, does: m.templates_step_epoch_does },
  epoch_seconds: { name: m.templates_step_epoch_seconds, does: m.templates_step_epoch_does },
  email: { name: m.templates_step_email, does: m.templates_step_email_does },
  postcode: { name: m.templates_step_postcode, does: m.templates_step_postcode_does },
  status: { name: m.templates_step_status, does: m.templates_step_status_does },
  gender: { name: m.templates_step_gender, does: m.templates_step_gender_does },
  split_name: { name: m.templates_step_split_name, does: m.templates_step_split_name_does },
  split_address: { name: m.templates_step_split_address, does: m.templates_step_split_address_does },
  lookup: { name: m.templates_step_lookup, does: m.templates_step_lookup_does },
};

export const STATUSES: Record<MemberStatus, Text> = {
  active: m.members_status_active,
  inactive: m.members_status_inactive,
  pending: m.members_status_pending,
  suspended: m.members_status_suspended,
  left: m.members_status_left,
};

export const GENDERS: Record<MemberGender, Text> = {
  female: m.templates_gender_female,
  male: m.templates_gender_male,
  other: m.templates_gender_other,
  unspecified: m.templates_gender_unspecified,
};

export const OTHERWISE: Record<Otherwise, Text> = {
  warn: m.templates_otherwise_warn,
  keep: m.templates_otherwise_keep,
  empty: m.templates_otherwise_empty,
};

export const ORDERS: Record<DateOrder, Text> = {
  day_first: m.templates_order_day_first,
  month_first: m.templates_order_month_first,
  ask: m.templates_order_ask,
};

export const PLACES: Record<TemplatePlace, Text> = {
  preset: m.templates_place_preset,
  file: m.templates_place_file,
  saved: m.templates_place_saved,
};

export function stepName(step: Transform): StepName {
  return typeof step === "string" ? step : "lookup";
}

/** A step as a row's summary says it. */
export function stepText(step: Transform): string {
  return typeof step === "string" ? STEPS[step].name() : m.templates_step_lookup_in({ table: step.lookup });
}

/** The steps that a field can have: those that split belong to one field each. */
export function stepsFor(field: MemberField): StepName[] {
  const all = Object.keys(STEPS) as StepName[];
  return all.filter((step) => (step !== "split_name" || field === "full_name") && (step !== "split_address" || field === "address_line_1"));
}

/** The list with the entry at `from` one place up or down; the same where it cannot move. */
export function moved<T>(list: readonly T[], from: number, by: -1 | 1): T[] {
  const to = from + by;
  const next = [...list];
  if (from < 0 || to < 0 || from >= list.length || to >= list.length) return next;
  next.splice(to, 0, ...next.splice(from, 1));
  return next;
}

export function without<T>(list: readonly T[], at: number): T[] {
  return list.filter((_, place) => place !== at);
}

/** An identifier for a copy that no template has. */
export function freeId(of: string, taken: readonly string[]): string {
  const base = `own_${of}`.replace(/[^a-z0-9_]/g, "_").slice(0, 58);
  if (!taken.includes(base)) return base;
  let number = 2;
  while (taken.includes(`${base}_${number}`)) number += 1;
  return `${base}_${number}`;
}

/** The line of a text that a mistake is in. */
export function lineOf(mistake: FieldError): number | null {
  const found = /^line (\d+): /.exec(mistake.message);
  return found?.[1] === undefined ? null : Number(found[1]);
}

/** The part of the form that a mistake belongs to: `fields.email`, `status_words`, `lookups`, `id`, … */
export function placeOf(mistake: FieldError): string {
  const [first = "", second] = mistake.field.split(".");
  if (first === "fields" && second !== undefined) return `fields.${second}`;
  return first.split("[")[0] ?? first;
}

const PLACES_IN_ORDER = ["name", "id", "country", "date_order", "fields", "status_words", "gender_words", "lookups"];

/** Mistakes in the order in which a person meets them on the screen; those of fields keep theirs. */
export function inOrder(mistakes: readonly FieldError[]): FieldError[] {
  const place = (mistake: FieldError) => PLACES_IN_ORDER.indexOf(placeOf(mistake).split(".")[0] ?? "");
  return [...mistakes].sort((a, b) => place(a) - place(b));
}

/** Sentences that say what to do; the rule's own sentence stands in for the rest. */
const SENTENCES: [key: RegExp, rule: FieldError["rule"], text: Text][] = [
  [/^id$/, "pattern", m.templates_mistake_id],
  [/^id$/, "taken", m.templates_mistake_id_taken],
  [/^fields$/, "required", m.templates_mistake_no_fields],
  [/^country$/, "pattern", m.templates_mistake_country],
  [/^fields\.[a-z_0-9]+$/, "required", m.templates_mistake_no_path],
  [/\.from$/, "required", m.templates_mistake_empty_path],
  [/\.join$/, "not_for_kind", m.templates_mistake_join],
  [/\.constant$/, "exclusive", m.templates_mistake_constant_and_paths],
  [/\.constant$/, "not_for_kind", m.templates_mistake_constant_id],
  [/\.transforms$/, "required", m.templates_mistake_must_split],
  [/\.transforms$/, "exclusive", m.templates_mistake_split_last],
  [/\.transforms$/, "not_for_kind", m.templates_mistake_split_place],
  [/\.transforms$/, "unknown", m.templates_mistake_no_table],
  [/\.check$/, "required", m.templates_mistake_checks_nothing],
  [/\.check\.pattern$/, "pattern", m.templates_mistake_pattern],
  [/\.check\.max_length$/, "out_of_range", m.templates_mistake_max_length],
  [/^(status_words|gender_words|lookups\..*)\[\d+\]$/, "required", m.templates_mistake_no_word],
  [/^(status_words|gender_words|lookups\..*)\[\d+\]$/, "exclusive", m.templates_mistake_word_twice],
  [/^lookups\./, "required", m.templates_mistake_table_name],
  [/^lookups\./, "exclusive", m.templates_mistake_table_twice],
];

/** A mistake as a sentence. Where the text is no template at all, the parser's words are all there is. */
export function mistakeText(mistake: FieldError): string {
  const found = SENTENCES.find(([key, rule]) => rule === mistake.rule && key.test(mistake.field));
  if (found) return found[2]();
  const line = lineOf(mistake);
  if (line !== null) return mistake.message.slice(mistake.message.indexOf(": ") + 2);
  return ruleText(mistake);
}
