// The audit log in sentences: what was done, behind it numbers and names of fields, and what a check has found.

import type { Actor, AuditArea, AuditEntryView, AuditVerifyView, AuditWhat, MemberField } from "../bindings/types";
import { m } from "../paraglide/messages.js";
import { FIELDS } from "./member-fields";
import { count, longDate } from "./time";

export const AREAS: Record<AuditArea, () => string> = {
  connectors: m.audit_area_connectors,
  access: m.audit_area_access,
  clubs: m.audit_area_clubs,
  syncs: m.audit_area_syncs,
  members: m.audit_area_members,
  schedules: m.audit_area_schedules,
  file: m.audit_area_file,
};

const ACTORS: Record<Actor, () => string> = {
  window: m.audit_by_window,
  command_line: m.audit_by_command_line,
  schedule: m.audit_by_schedule,
  itself: m.audit_by_itself,
};

export function whoActed(entry: Pick<AuditEntryView, "who">): string {
  return entry.who === null ? m.audit_by_nobody_known() : ACTORS[entry.who]();
}

type Names = { connector: string; club: string };

/** Exhaustive: a new act does not compile here until it has its sentence. */
const SENTENCES: Record<AuditWhat, (names: Names) => string> = {
  connector_added: m.audit_connector_added,
  connector_edited: m.audit_connector_edited,
  connector_paused: m.audit_connector_paused,
  connector_resumed: m.audit_connector_resumed,
  errors_cleared: m.audit_errors_cleared,
  connector_removed: m.audit_connector_removed,
  connector_restored: m.audit_connector_restored,
  connector_purged: m.audit_connector_purged,
  credentials_set: m.audit_credentials_set,
  credentials_reverted: m.audit_credentials_reverted,
  signed_in: m.audit_signed_in,
  signed_out: m.audit_signed_out,
  template_saved: m.audit_template_saved,
  template_deleted: m.audit_template_deleted,
  club_connected: m.audit_club_connected,
  club_disconnected: m.audit_club_disconnected,
  clubs_imported: m.audit_clubs_imported,
  sync_applied: m.audit_sync_applied,
  sync_undone: m.audit_sync_undone,
  sync_resolved: m.audit_sync_resolved,
  match_decided: m.audit_match_decided,
  field_rule_set: m.audit_field_rule_set,
  sync_applied_again: m.audit_sync_applied_again,
  sync_kept_mine: m.audit_sync_kept_mine,
  sync_let_in_again: m.audit_sync_let_in_again,
  file_imported: m.audit_file_imported,
  member_edited: m.audit_member_edited,
  member_took_federation: m.audit_member_took_federation,
  members_exported: m.audit_members_exported,
  member_erased: m.audit_member_erased,
  member_let_in: m.audit_member_let_in,
  old_forgotten: m.audit_old_forgotten,
  schedule_set: m.audit_schedule_set,
  schedule_policy_set: m.audit_schedule_policy_set,
  schedule_answered: m.audit_schedule_answered,
  log_begun: m.audit_log_begun,
  key_passphrase_set: m.audit_key_passphrase_set,
  key_keychain_added: m.audit_key_keychain_added,
  key_slot_removed: m.audit_key_slot_removed,
  key_rotated: m.audit_key_rotated,
  backup_made: m.audit_backup_made,
  backup_restored: m.audit_backup_restored,
  settings_changed: m.audit_settings_changed,
  not_done: m.audit_not_done,
};

/** What was done, in one sentence. The names are those of now; who was erased is nobody's name. */
export function sentence(entry: AuditEntryView): string {
  if (entry.what === null) return m.audit_unknown();
  const connector = entry.connector_name ?? entry.code ?? m.audit_some_connector();
  const ofConnector = entry.area === "schedules" && entry.club_name === null;
  const names = { connector, club: entry.club_name ?? (ofConnector ? connector : m.audit_some_club()) };
  if (entry.what === "sync_applied" && entry.words.includes("import")) return m.audit_file_applied(names);
  return SENTENCES[entry.what](names);
}

const COUNTS: Record<string, (of: { shown: string }) => string> = {
  creates: m.audit_count_creates,
  updates: m.audit_count_updates,
  leavers: m.audit_count_leavers,
  left_out: m.audit_count_left_out,
  conflicts: m.audit_count_conflicts,
  problems: m.audit_count_problems,
  unchanged: m.audit_count_unchanged,
  undone: m.audit_count_undone,
  edited_later: m.audit_count_edited_later,
  decided: m.audit_count_decided,
  kept: m.audit_count_kept,
  kept_out: m.audit_count_kept_out,
  rows: m.audit_count_rows,
  people: m.audit_count_people,
  children: m.audit_count_children,
  connected: m.audit_count_connected,
  already: m.audit_count_already,
  refused: m.audit_count_refused,
  clubs: m.audit_count_clubs,
  members: m.audit_count_members,
  plan_rows: m.audit_count_plan_rows,
  undo_rows: m.audit_count_undo_rows,
  plans: m.audit_count_plans,
  errors: m.audit_count_errors,
  entries_before: m.audit_count_entries_before,
};

const WORDS: Record<string, () => string> = {
  credentials: m.audit_word_credentials,
  chosen: m.audit_word_chosen,
  federation: m.audit_word_federation,
  member: m.audit_word_member,
  new: m.audit_word_new,
  leave: m.audit_word_leave,
  forgotten: m.audit_word_forgotten,
  backups: m.audit_word_backups,
  restored: m.audit_word_restored,
  club: m.audit_word_club,
  value: m.audit_word_value,
  csv: m.audit_word_csv,
  json: m.audit_word_json,
  with_left: m.audit_word_with_left,
  on: m.audit_word_on,
  off: m.audit_word_off,
  inherit: m.audit_word_inherit,
  run: m.audit_word_run,
  skip: m.audit_word_skip,
  daily: m.audit_word_daily,
  passphrase: m.audit_word_passphrase,
  keychain: m.audit_word_keychain,
  empty_list: m.audit_word_guard,
  too_many_leavers: m.audit_word_guard,
  page_anomaly: m.audit_word_guard,
  total_mismatch: m.audit_word_guard,
  incomplete_list: m.audit_word_guard,
};

/** Numbers, words and names of fields behind the sentence. */
export function details(entry: AuditEntryView): string[] {
  const order = Object.keys(COUNTS);
  const place = (of: string) => (order.includes(of) ? order.indexOf(of) : order.length);
  const counts = Object.entries(entry.counts)
    .sort(([a], [b]) => place(a) - place(b))
    .map(([of, number]) => COUNTS[of]?.({ shown: count(number) }) ?? `${of} ${count(number)}`);
  const isWhat = (word: string): word is AuditWhat => word in SENTENCES;
  const words = entry.words
    .filter((word) => word !== "import")
    .map((word) => (entry.what === "not_done" && isWhat(word) ? SENTENCES[word]({ connector: "", club: "" }) : (WORDS[word]?.() ?? word)));
  const fields = entry.fields.map((name) => (name in FIELDS ? FIELDS[name as MemberField]() : name));
  return [...new Set([...counts, ...words, ...fields]), ...(entry.erased ? [m.audit_erased()] : [])];
}

/** What a check has found: what is so, and what it means. */
export function found(check: AuditVerifyView): { tone: "ok" | "warn" | "bad"; title: string; text: string } {
  const { problem } = check;
  if (problem === null) {
    const since = check.first_at === null ? "" : longDate(check.first_at);
    const title = m.audit_whole({ count: check.entries, shown: count(check.entries), since });
    if (check.anchor === "there") return { tone: "ok", title, text: m.audit_whole_text() };
    return { tone: "warn", title, text: check.anchor === "missing" ? m.audit_anchor_missing() : m.audit_anchor_unusable() };
  }
  const told = (title: string, text: string, before = "") => ({ tone: "bad" as const, title, text: [text, before, m.audit_do()].filter(Boolean).join(" ") });
  const before = m.audit_before_is_whole();
  switch (problem.kind) {
    case "empty":
      return told(m.audit_empty_title(), m.audit_empty_text());
    case "gap":
      return told(m.audit_gap_title({ entry: count(problem.entry) }), m.audit_gap_text({ found: count(problem.found) }), before);
    case "changed":
      return told(m.audit_changed_title({ entry: count(problem.entry) }), m.audit_changed_text(), before);
    case "cut_off":
      return told(m.audit_cut_title({ entry: count(problem.entry) }), m.audit_cut_text({ anchored: count(problem.anchored) }));
    case "replaced":
      return told(m.audit_replaced_title({ entry: count(problem.entry) }), m.audit_replaced_text());
  }
}
