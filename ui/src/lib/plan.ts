// Words of a plan: its kinds, why a field becomes what it becomes, what is wrong with a record, what holds it.

import type { MemberField, PlanCountsView, PlanFieldView, PlanKind, PlanRowView, ProblemKind, WarningKind } from "../bindings/types";
import { m } from "../paraglide/messages.js";
import type { IconName } from "../parts/icons";
import { FIELDS } from "./member-fields";
import { count, dayText } from "./time";

type Text = () => string;
type Where = { system: string };

export const KINDS: { kind: PlanKind; label: Text; icon: IconName; of: (counts: PlanCountsView) => number }[] = [
  { kind: "create", label: m.preview_tab_new, icon: "plusCircle", of: (counts) => counts.creates },
  { kind: "update", label: m.preview_tab_changed, icon: "change", of: (counts) => counts.updates },
  { kind: "conflict", label: m.preview_tab_conflicts, icon: "fork", of: (counts) => counts.conflicts },
  { kind: "leaver", label: m.preview_tab_leavers, icon: "leave", of: (counts) => counts.leavers },
  { kind: "problem", label: m.preview_tab_problems, icon: "triangle", of: (counts) => counts.problems },
  { kind: "unchanged", label: m.preview_tab_unchanged, icon: "equals", of: (counts) => counts.unchanged },
];

export const REASONS: Record<string, (where: Where) => string> = {
  new: m.preview_why_new,
  federation_changed: m.preview_why_federation_changed,
  federation_removed: m.preview_why_federation_removed,
  filled_in: m.preview_why_filled_in,
  club_edited: m.preview_why_club_edited,
  club_only: m.preview_why_club_only,
  agreed: m.preview_why_agreed,
  federation_wins: m.preview_why_federation_wins,
  club_wins: m.preview_why_club_wins,
  decided_federation: m.preview_why_decided_federation,
  decided_club: m.preview_why_decided_club,
  decided_value: m.preview_why_decided_value,
  conflict: m.preview_why_conflict,
};

/** Why a field becomes what it becomes. */
export function why(field: PlanFieldView, where: Where): string {
  return REASONS[field.reason]?.(where) ?? field.reason;
}

export const PROBLEMS: Record<ProblemKind, { title: (names: { field: string }) => string; mend: (where: Where) => string }> = {
  missing: { title: m.preview_problem_missing, mend: m.preview_problem_missing_todo },
  unreadable: { title: m.preview_problem_unreadable, mend: m.preview_problem_unreadable_todo },
};

export const UNMATCHED: Record<string, { title: (where: Where) => string; mend: (where: Where) => string }> = {
  duplicate_id: { title: m.preview_match_duplicate_id, mend: m.preview_match_duplicate_id_todo },
  duplicate_member: { title: m.preview_match_duplicate_member, mend: m.preview_match_duplicate_member_todo },
  same_person: { title: m.preview_match_same_person, mend: m.preview_match_same_person_todo },
  unidentified: { title: m.preview_match_unidentified, mend: m.preview_match_unidentified_todo },
  several_members: { title: m.preview_match_several_members, mend: m.preview_match_several_members_todo },
  other_id: { title: m.preview_match_other_id, mend: m.preview_match_other_id_todo },
  already_matched: { title: m.preview_match_already_matched, mend: m.preview_match_already_matched_todo },
  birth_missing: { title: m.preview_match_birth_missing, mend: m.preview_match_birth_missing_todo },
};

export const WARNINGS: Record<WarningKind, Text> = {
  unreadable_phone: m.preview_warning_unreadable_phone,
  bad_email: m.preview_warning_bad_email,
  unreadable_date: m.preview_warning_unreadable_date,
  impossible_date: m.preview_warning_impossible_date,
  ambiguous_date: m.preview_warning_ambiguous_date,
  two_digit_year: m.preview_warning_two_digit_year,
  unknown_word: m.preview_warning_unknown_word,
  not_in_table: m.preview_warning_not_in_table,
  check_failed: m.preview_warning_check_failed,
  too_long: m.preview_warning_too_long,
  not_plain: m.preview_warning_not_plain,
};

/** What is wrong with a record, and what to do about it. */
export function trouble(row: PlanRowView, where: Where): { title: string; mend: string } {
  if (row.problem) {
    const text = PROBLEMS[row.problem.kind];
    return { title: text.title({ field: FIELDS[row.problem.field]() }), mend: text.mend(where) };
  }
  const text = UNMATCHED[row.unmatched ?? ""];
  if (text) return { title: text.title(where), mend: text.mend(where) };
  return { title: row.unmatched ?? m.preview_tab_problems(), mend: m.preview_problem_missing_todo(where) };
}

interface GuardText {
  title: (counts: { leavers: string }) => string;
  text: (counts: { leavers: string }) => string;
  /** It is about members who would be marked as leavers. */
  leavers: boolean;
}

export const GUARDS: Record<string, GuardText> = {
  empty_list: { title: m.preview_guard_empty_list, text: m.preview_guard_empty_list_text, leavers: true },
  too_many_leavers: { title: m.preview_guard_too_many_leavers, text: m.preview_guard_too_many_leavers_text, leavers: true },
  page_anomaly: { title: m.preview_guard_page_anomaly, text: m.preview_guard_missing_text, leavers: false },
  total_mismatch: { title: m.preview_guard_total_mismatch, text: m.preview_guard_missing_text, leavers: false },
  incomplete_list: { title: m.preview_guard_incomplete_list, text: m.preview_guard_missing_text, leavers: false },
};

/** What holds a plan, in words; a guard that is not known here holds it all the same. */
export function guardText(guard: string, leavers: number): { title: string; text: string; leavers: boolean } {
  const known = GUARDS[guard] ?? { title: m.preview_guard_other, text: m.preview_guard_missing_text, leavers: false };
  const shown = { leavers: count(leavers) };
  return { title: known.title(shown), text: known.text(shown), leavers: known.leavers };
}

/** The member's name; its id where it has none. */
export const nameOf = (row: PlanRowView) => memberName(row.member);

/** The same of its values alone. */
export function memberName(values: Partial<Record<MemberField, string>>): string {
  const { first_name, last_name, full_name, external_id } = values;
  const both = [first_name, last_name].filter(Boolean).join(" ");
  return both || full_name || external_id || m.preview_nameless();
}

/** Records that may be of a member of the club: a person says of which. */
const PROPOSE = ["several_members", "other_id", "already_matched", "birth_missing"];
/** A person can say whose the record of this row is. */
export const isProposal = (row: PlanRowView) => PROPOSE.includes(row.unmatched ?? "") && (row.kind === "problem" || row.passed_over === "left_alone");

/** Why a record is passed over. */
export const PASSED_OVER: Record<string, (where: Where) => string> = {
  left_alone: m.choice_passed_left,
  second_record: m.choice_passed_second,
  kept_out: m.choice_passed_kept_out,
};

/** A value as a person reads it. */
export function shown(field: MemberField, value: string): string {
  return field === "date_of_birth" || field === "joined_on" ? dayText(value) : value;
}

/** Born when, which id, which membership. */
export function factsOf(row: PlanRowView): string {
  const { date_of_birth, external_id, membership_type } = row.member;
  return [date_of_birth && m.preview_born({ day: dayText(date_of_birth) }), external_id, membership_type].filter(Boolean).join(" · ");
}

export const isConflict = (field: PlanFieldView) => field.reason === "conflict";
export const changesClub = (field: PlanFieldView) => field.club !== field.becomes;

/** The second line of a row in the list. */
export function summary(row: PlanRowView, where: Where): string {
  const labels = (fields: PlanFieldView[]) => fields.map((field) => FIELDS[field.field]()).join(", ");
  switch (row.kind) {
    case "create": return row.member.membership_type ?? row.member.external_id ?? "";
    case "update": return labels(row.fields.filter(changesClub)) || m.preview_standing();
    case "conflict": return labels(row.fields.filter(isConflict));
    case "leaver": return m.preview_gone();
    case "problem": return trouble(row, where).title;
    case "unchanged": return row.passed_over === undefined ? labels(row.fields) : m.choice_passed_over();
  }
}

/** How many members a plan changes, as far as that is certain: those in conflict are not counted. */
export function changesOf(counts: PlanCountsView): number {
  return counts.creates + counts.updates + counts.leavers;
}
