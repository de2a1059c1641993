// What the window says about every refusal. Exhaustive over the wire's closed sets: a new word there
// does not compile here until it has its sentences.

import type { AuthKind, Code, ErrorView, FieldError, FieldRule, Finding, LockReason } from "./bindings/types";
import { AppError } from "./ipc";
import { m } from "./paraglide/messages.js";

type Text = () => string;

/** The one thing a person can do about a refusal; `none` where waiting or reading is all. */
export type Action =
  | "none" | "mend" | "list" | "restore" | "create_key" | "unlock" | "try_again"
  | "reload" | "add_way_in" | "update" | "restore_backup" | "replace_credentials" | "sign_in" | "edit";

export interface ErrorText {
  title: Text;
  meaning: Text;
  next: Text;
  action: Action;
}

const text = (title: Text, meaning: Text, next: Text, action: Action): ErrorText => ({ title, meaning, next, action });

export const CODES: Record<Code, ErrorText> = {
  invalid: text(m.error_invalid_title, m.error_invalid_meaning, m.error_invalid_todo, "mend"),
  duplicate: text(m.error_duplicate_title, m.error_duplicate_meaning, m.error_duplicate_todo, "mend"),
  changed_meanwhile: text(m.error_changed_meanwhile_title, m.error_changed_meanwhile_meaning, m.error_changed_meanwhile_todo, "reload"),
  held: text(m.error_held_title, m.error_held_meaning, m.error_held_todo, "none"),
  view_forbids: text(m.error_view_forbids_title, m.error_view_forbids_meaning, m.error_view_forbids_todo, "none"),
  not_found: text(m.error_not_found_title, m.error_not_found_meaning, m.error_not_found_todo, "list"),
  deleted: text(m.error_deleted_title, m.error_deleted_meaning, m.error_deleted_todo, "restore"),
  not_initialised: text(m.error_not_initialised_title, m.error_not_initialised_meaning, m.error_not_initialised_todo, "create_key"),
  already_initialised: text(m.error_already_initialised_title, m.error_already_initialised_meaning, m.error_already_initialised_todo, "unlock"),
  locked: text(m.error_locked_title, m.error_locked_meaning, m.error_locked_todo, "unlock"),
  wrong_passphrase: text(m.error_wrong_passphrase_title, m.error_wrong_passphrase_meaning, m.error_wrong_passphrase_todo, "try_again"),
  last_slot: text(m.error_last_slot_title, m.error_last_slot_meaning, m.error_last_slot_todo, "add_way_in"),
  newer_schema: text(m.error_newer_schema_title, m.error_newer_schema_meaning, m.error_newer_schema_todo, "update"),
  damaged: text(m.error_damaged_title, m.error_damaged_meaning, m.error_damaged_todo, "restore_backup"),
  storage_denied: text(m.error_storage_denied_title, m.error_storage_denied_meaning, m.error_storage_denied_todo, "try_again"),
  storage_full: text(m.error_storage_full_title, m.error_storage_full_meaning, m.error_storage_full_todo, "try_again"),
  storage_failed: text(m.error_storage_failed_title, m.error_storage_failed_meaning, m.error_storage_failed_todo, "try_again"),
  bad_file: text(m.error_bad_file_title, m.error_bad_file_meaning, m.error_bad_file_todo, "none"),
  needs_sign_in: text(m.error_needs_sign_in_title, m.error_needs_sign_in_meaning, m.error_needs_sign_in_todo, "sign_in"),
  bad_credentials: text(m.error_bad_credentials_title, m.error_bad_credentials_meaning, m.error_bad_credentials_todo, "replace_credentials"),
  bad_configuration: text(m.error_bad_configuration_title, m.error_bad_configuration_meaning, m.error_bad_configuration_todo, "edit"),
  forbidden: text(m.error_forbidden_title, m.error_forbidden_meaning, m.error_forbidden_todo, "none"),
  rate_limited: text(m.error_rate_limited_title, m.error_rate_limited_meaning, m.error_rate_limited_todo, "try_again"),
  federation_down: text(m.error_federation_down_title, m.error_federation_down_meaning, m.error_federation_down_todo, "try_again"),
  bad_answer: text(m.error_bad_answer_title, m.error_bad_answer_meaning, m.error_bad_answer_todo, "edit"),
  offline: text(m.error_offline_title, m.error_offline_meaning, m.error_offline_todo, "try_again"),
  cancelled: text(m.error_cancelled_title, m.error_cancelled_meaning, m.error_cancelled_todo, "none"),
  internal: text(m.error_internal_title, m.error_internal_meaning, m.error_internal_todo, "try_again"),
};

export const ACTIONS: Record<Exclude<Action, "none">, Text> = {
  mend: m.action_mend,
  list: m.action_list,
  restore: m.action_restore,
  create_key: m.action_create_key,
  unlock: m.action_unlock,
  try_again: m.action_try_again,
  reload: m.action_reload,
  add_way_in: m.action_add_way_in,
  update: m.action_update,
  restore_backup: m.action_restore_backup,
  replace_credentials: m.action_replace_credentials,
  sign_in: m.action_sign_in,
  edit: m.action_edit,
};

interface Where {
  /** The name of the connector or its host. */
  system: string;
  host: string;
}

export interface FindingText {
  title: (where: Where) => string;
  fix: (where: Where) => string;
}

export const FINDINGS: Record<Finding, FindingText> = {
  dns_not_found: { title: m.finding_dns_not_found_title, fix: m.finding_dns_not_found_fix },
  dns_timeout: { title: m.finding_dns_timeout_title, fix: m.finding_dns_timeout_fix },
  offline: { title: m.finding_offline_title, fix: m.finding_offline_fix },
  connection_refused: { title: m.finding_connection_refused_title, fix: m.finding_connection_refused_fix },
  connect_timeout: { title: m.finding_connect_timeout_title, fix: m.finding_connect_timeout_fix },
  unreachable: { title: m.finding_unreachable_title, fix: m.finding_unreachable_fix },
  tls_expired: { title: m.finding_tls_expired_title, fix: m.finding_tls_expired_fix },
  tls_wrong_host: { title: m.finding_tls_wrong_host_title, fix: m.finding_tls_wrong_host_fix },
  tls_untrusted: { title: m.finding_tls_untrusted_title, fix: m.finding_tls_untrusted_fix },
  tls_failed: { title: m.finding_tls_failed_title, fix: m.finding_tls_failed_fix },
  credentials_withheld: { title: m.finding_credentials_withheld_title, fix: m.finding_credentials_withheld_fix },
  credentials_missing: { title: m.finding_credentials_missing_title, fix: m.finding_credentials_missing_fix },
  sign_in_needed: { title: m.finding_sign_in_needed_title, fix: m.finding_sign_in_needed_fix },
  sign_in_declined: { title: m.finding_sign_in_declined_title, fix: m.finding_sign_in_declined_fix },
  sign_in_expired: { title: m.finding_sign_in_expired_title, fix: m.finding_sign_in_expired_fix },
  sign_in_mismatch: { title: m.finding_sign_in_mismatch_title, fix: m.finding_sign_in_mismatch_fix },
  sign_in_interrupted: { title: m.finding_sign_in_interrupted_title, fix: m.finding_sign_in_interrupted_fix },
  sign_in_refused: { title: m.finding_sign_in_refused_title, fix: m.finding_sign_in_refused_fix },
  sign_in_ended: { title: m.finding_sign_in_ended_title, fix: m.finding_sign_in_ended_fix },
  authorization_refused: { title: m.finding_authorization_refused_title, fix: m.finding_authorization_refused_fix },
  authorization_failed: { title: m.finding_authorization_failed_title, fix: m.finding_authorization_failed_fix },
  client_refused: { title: m.finding_client_refused_title, fix: m.finding_client_refused_fix },
  scope_refused: { title: m.finding_scope_refused_title, fix: m.finding_scope_refused_fix },
  scope_too_narrow: { title: m.finding_scope_too_narrow_title, fix: m.finding_scope_too_narrow_fix },
  token_unusable: { title: m.finding_token_unusable_title, fix: m.finding_token_unusable_fix },
  issuer_mismatch: { title: m.finding_issuer_mismatch_title, fix: m.finding_issuer_mismatch_fix },
  pkce_unsupported: { title: m.finding_pkce_unsupported_title, fix: m.finding_pkce_unsupported_fix },
  redirect_port_taken: { title: m.finding_redirect_port_taken_title, fix: m.finding_redirect_port_taken_fix },
  private_key_unusable: { title: m.finding_private_key_unusable_title, fix: m.finding_private_key_unusable_fix },
  unauthorised: { title: m.finding_unauthorised_title, fix: m.finding_unauthorised_fix },
  forbidden: { title: m.finding_forbidden_title, fix: m.finding_forbidden_fix },
  not_found: { title: m.finding_not_found_title, fix: m.finding_not_found_fix },
  rate_limited: { title: m.finding_rate_limited_title, fix: m.finding_rate_limited_fix },
  server_error: { title: m.finding_server_error_title, fix: m.finding_server_error_fix },
  request_refused: { title: m.finding_request_refused_title, fix: m.finding_request_refused_fix },
  redirected_elsewhere: { title: m.finding_redirected_elsewhere_title, fix: m.finding_redirected_elsewhere_fix },
  answer_timeout: { title: m.finding_answer_timeout_title, fix: m.finding_answer_timeout_fix },
  connection_cut: { title: m.finding_connection_cut_title, fix: m.finding_connection_cut_fix },
  html_instead_of_json: { title: m.finding_html_instead_of_json_title, fix: m.finding_html_instead_of_json_fix },
  not_json: { title: m.finding_not_json_title, fix: m.finding_not_json_fix },
  no_list_at_path: { title: m.finding_no_list_at_path_title, fix: m.finding_no_list_at_path_fix },
  record_not_object: { title: m.finding_record_not_object_title, fix: m.finding_record_not_object_fix },
  answer_too_large: { title: m.finding_answer_too_large_title, fix: m.finding_answer_too_large_fix },
  empty_list: { title: m.finding_empty_list_title, fix: m.finding_empty_list_fix },
  organisation_needed: { title: m.finding_organisation_needed_title, fix: m.finding_organisation_needed_fix },
  setting_unusable: { title: m.finding_setting_unusable_title, fix: m.finding_setting_unusable_fix },
  cancelled: { title: m.finding_cancelled_title, fix: m.finding_cancelled_fix },
  internal: { title: m.finding_internal_title, fix: m.finding_internal_fix },
};

/** What was seen, in the words that fit how the connector proves who it is. */
export function findingText(finding: Finding, auth: AuthKind | undefined): FindingText {
  if (finding === "unauthorised" && auth === "oauth2") return { title: m.finding_unauthorised_sign_in_title, fix: m.finding_unauthorised_sign_in_fix };
  return FINDINGS[finding];
}

export const LOCKS: Record<LockReason, { title: Text; text: Text; state: Text }> = {
  by_user: { title: m.lock_by_user_title, text: m.lock_by_user_text, state: m.lock_by_user_state },
  opening: { title: m.lock_opening_title, text: m.lock_opening_text, state: m.lock_opening_state },
  keychain_absent: { title: m.lock_keychain_absent_title, text: m.lock_keychain_absent_text, state: m.lock_keychain_absent_state },
  keychain_locked: { title: m.lock_keychain_locked_title, text: m.lock_keychain_locked_text, state: m.lock_keychain_locked_state },
  keychain_no_entry: { title: m.lock_keychain_no_entry_title, text: m.lock_keychain_no_entry_text, state: m.lock_keychain_no_entry_state },
  keychain_wrong_key: { title: m.lock_keychain_wrong_key_title, text: m.lock_keychain_wrong_key_text, state: m.lock_keychain_wrong_key_state },
  keychain_dismissed: { title: m.lock_keychain_dismissed_title, text: m.lock_keychain_dismissed_text, state: m.lock_keychain_dismissed_state },
  keychain_timeout: { title: m.lock_keychain_timeout_title, text: m.lock_keychain_timeout_text, state: m.lock_keychain_timeout_state },
  keychain_failed: { title: m.lock_keychain_failed_title, text: m.lock_keychain_failed_text, state: m.lock_keychain_failed_state },
  passphrase_needed: { title: m.lock_passphrase_needed_title, text: m.lock_passphrase_needed_text, state: m.lock_passphrase_needed_state },
};

export const RULES: Record<FieldRule, Text> = {
  required: m.rule_required,
  too_long: m.rule_too_long,
  too_short: m.rule_too_short,
  pattern: m.rule_pattern,
  taken: m.rule_taken,
  taken_by_deleted: m.rule_taken_by_deleted,
  already_connected: m.rule_already_connected,
  invalid_url: m.rule_invalid_url,
  not_https: m.rule_not_https,
  http_loopback_switch: m.rule_http_loopback_switch,
  user_info: m.rule_user_info,
  fragment: m.rule_fragment,
  control_character: m.rule_control_character,
  out_of_range: m.rule_out_of_range,
  not_for_kind: m.rule_not_for_kind,
  exclusive: m.rule_exclusive,
  unknown: m.rule_unknown,
  unreadable: m.rule_unreadable,
};

/** Patterns that are spelt out, by the beginning of the field's name. */
const PATTERNS: [field: string, text: Text][] = [
  ["auth.scopes", m.rule_scope_pattern],
  ["auth.redirect_path", m.rule_redirect_path_pattern],
  ["auth.two_step.content_type", m.rule_media_type_pattern],
  ["endpoints.organisation", m.rule_club_path],
  ["federation_org", m.rule_club_id],
  ["text", m.rule_club_columns],
  ["line", m.rule_club_line],
];

/** The sentence of a broken rule; where a pattern can be told in a sentence, it is. */
export function ruleText(error: FieldError): string {
  if (error.field === "code" && (error.rule === "pattern" || error.rule === "too_short" || error.rule === "too_long")) {
    return m.rule_code_pattern();
  }
  if (error.field === "path" && error.rule === "invalid_url") return m.rule_path_below();
  if (error.rule === "pattern") {
    const own = PATTERNS.find(([field]) => error.field.startsWith(field));
    if (own) return own[1]();
  }
  if (error.rule === "already_connected") {
    if (error.field === "org") return m.rule_own_id_connected();
    if (error.field === "federation_org") return m.rule_federation_id_connected();
  }
  if (error.rule === "not_for_kind" && error.field.startsWith("auth.extra_parameters")) return m.rule_own_parameter();
  return RULES[error.rule]();
}

/** A refusal as three short sentences, ready to be shown. */
export interface Told {
  code: Code;
  title: string;
  consequence: string;
  action: Action;
  /** What was seen at the federation or on the way to it. */
  finding?: Finding;
  /** English, for support; never a secret. */
  detail: string;
}

export function tell(refusal: unknown): Told {
  const view: ErrorView = refusal instanceof AppError ? refusal.view : { code: "internal", message: String(refusal) };
  const entry = CODES[view.code] ?? CODES.internal;
  return {
    code: view.code,
    title: entry.title(),
    consequence: `${entry.meaning()} ${entry.next()}`,
    action: entry.action,
    detail: view.message,
    ...(view.detail?.kind === "finding" ? { finding: view.detail.finding } : {}),
  };
}

/** The reason of a lock inside a refusal, where it is one. */
export function lockReasonOf(refusal: unknown): LockReason | null {
  if (!(refusal instanceof AppError)) return null;
  const detail = refusal.view.detail;
  return detail?.kind === "lock" ? detail.reason : null;
}
