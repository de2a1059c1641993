// Words, icons and colours of the closed sets that a person reads. A status is always all three.

import type {
  AuthKind, ConnectorView, CountsView, EventKind, FieldError, HealthState, SlotKind, StepName, TestReportView, Verified,
} from "../bindings/types";
import { m } from "../paraglide/messages.js";
import type { IconName } from "../parts/icons";

export type Tone = "ok" | "warn" | "bad" | "idle";
export interface Sign {
  word: () => string;
  icon: IconName;
  tone: Tone;
}

export const STATES: Record<HealthState, Sign> = {
  action_needed: { word: m.state_action_needed, icon: "octagon", tone: "bad" },
  sign_in_again: { word: m.state_sign_in_again, icon: "key", tone: "bad" },
  waiting_for_browser: { word: m.state_waiting_for_browser, icon: "window", tone: "warn" },
  held: { word: m.state_held, icon: "hand", tone: "warn" },
  expiring: { word: m.state_expiring, icon: "triangle", tone: "warn" },
  rate_limited: { word: m.state_rate_limited, icon: "clock", tone: "idle" },
  waiting_for_federation: { word: m.state_waiting_for_federation, icon: "hourglass", tone: "idle" },
  offline: { word: m.state_offline, icon: "signalOff", tone: "idle" },
  syncing: { word: m.state_syncing, icon: "ring", tone: "idle" },
  healthy: { word: m.state_healthy, icon: "checkCircle", tone: "ok" },
  not_tested: { word: m.state_not_tested, icon: "dashed", tone: "idle" },
  never_synced: { word: m.state_never_synced, icon: "circle", tone: "idle" },
  paused: { word: m.state_paused, icon: "paused", tone: "idle" },
};

/** The sign of a row: deleted stands before everything else. */
export function signOf(row: { state: HealthState; deleted_at: number | null }): Sign {
  return row.deleted_at === null ? STATES[row.state] : { word: m.state_deleted, icon: "archive", tone: "idle" };
}

export const AUTH: Record<AuthKind, () => string> = {
  oauth2: m.auth_oauth2,
  api_key: m.auth_api_key,
  basic: m.auth_basic,
  two_step: m.auth_two_step,
  none: m.auth_none,
};

export const BADGES: Record<Verified, { word: () => string; sentence: () => string; text: (inputs: { date: string }) => string; icon: IconName; tone: "" | "ok" }> = {
  live: { word: m.badge_live, sentence: m.badge_live_sentence, text: m.badge_live_text, icon: "verified", tone: "ok" },
  docs: { word: m.badge_docs, sentence: m.badge_docs_sentence, text: m.badge_docs_text, icon: "file", tone: "" },
  clients: { word: m.badge_clients, sentence: m.badge_clients_sentence, text: m.badge_clients_text, icon: "brackets", tone: "" },
  no: { word: m.badge_no, sentence: m.badge_no_sentence, text: m.badge_no_text, icon: "dashed", tone: "" },
};

export const STEPS: Record<StepName, { word: () => string; stopped: () => string }> = {
  dns: { word: m.step_dns, stopped: m.stopped_dns },
  tcp: { word: m.step_tcp, stopped: m.stopped_tcp },
  tls: { word: m.step_tls, stopped: m.stopped_tls },
  auth: { word: m.step_auth, stopped: m.stopped_auth },
  endpoint: { word: m.step_endpoint, stopped: m.stopped_endpoint },
  record: { word: m.step_record, stopped: m.stopped_record },
};
export const STEP_ORDER: StepName[] = ["dns", "tcp", "tls", "auth", "endpoint", "record"];

export const EVENTS: Record<EventKind, Sign> = {
  created: { word: m.event_created, icon: "plus", tone: "idle" },
  edited: { word: m.event_edited, icon: "pencil", tone: "idle" },
  credentials_stored: { word: m.event_credentials_stored, icon: "key", tone: "idle" },
  credentials_reverted: { word: m.event_credentials_reverted, icon: "undo", tone: "idle" },
  webhook_secret_stored: { word: m.event_webhook_secret_stored, icon: "key", tone: "idle" },
  signed_in: { word: m.event_signed_in, icon: "checkCircle", tone: "ok" },
  sign_in_failed: { word: m.event_sign_in_failed, icon: "octagon", tone: "bad" },
  sign_in_ended: { word: m.event_sign_in_ended, icon: "key", tone: "bad" },
  signed_out: { word: m.event_signed_out, icon: "leave", tone: "idle" },
  test_succeeded: { word: m.event_test_succeeded, icon: "checkCircle", tone: "ok" },
  test_failed: { word: m.event_test_failed, icon: "octagon", tone: "bad" },
  stopped: { word: m.event_stopped, icon: "octagon", tone: "bad" },
  recovered: { word: m.event_recovered, icon: "checkCircle", tone: "ok" },
  errors_cleared: { word: m.event_errors_cleared, icon: "checkCircle", tone: "ok" },
  paused: { word: m.event_paused, icon: "paused", tone: "idle" },
  resumed: { word: m.event_resumed, icon: "play", tone: "idle" },
  deleted: { word: m.event_deleted, icon: "archive", tone: "idle" },
  restored: { word: m.event_restored, icon: "undo", tone: "idle" },
  purged: { word: m.event_purged, icon: "trash", tone: "idle" },
};

export const SLOTS: Record<SlotKind, () => string> = { keychain: m.slot_keychain, passphrase: m.slot_passphrase };

/** The step a test stopped at; null where it went through. */
export function stoppedAt(report: TestReportView): StepName | null {
  return report.steps.find((step) => step.ok === false)?.name ?? null;
}

/** A finding that somebody else mends is no reason for red. */
export function toneOf(report: TestReportView): Tone {
  if (report.ok) return report.finding === null ? "ok" : "warn";
  const waits = report.class === "rate_limited" || report.class === "federation_down" || report.class === "offline" || report.class === "cancelled";
  return waits ? "idle" : "bad";
}

export const NO_COUNTS: CountsView = { all: 0, needs_you: 0, waiting: 0, healthy: 0, paused: 0, not_tested: 0, deleted: 0 };

/** The element's id for a field of the settings, e.g. `field-endpoints-base`. */
export function fieldId(field: string): string {
  return `field-${field.replace(/[^a-z0-9]+/gi, "-")}`;
}

/** Puts the focus on the field of a broken rule, or on the one that it is a part of. */
export function focusField(field: string): void {
  for (let name = field; name !== ""; name = name.slice(0, Math.max(0, name.lastIndexOf(".")))) {
    const found = document.getElementById(fieldId(name));
    if (!found) continue;
    // What is folded away cannot take the focus.
    for (let fold = found.closest("details"); fold; fold = fold.parentElement?.closest("details") ?? null) fold.open = true;
    found.focus();
    return;
  }
}

/** The first broken rule of `field`, or of something inside it. */
export function errorFor(errors: FieldError[], field: string): FieldError | undefined {
  return errors.find((error) => error.field === field || error.field.startsWith(`${field}.`) || error.field.startsWith(`${field}[`));
}

export function isDeleted(view: ConnectorView): boolean {
  return view.deleted_at !== null;
}
