// How a sign-in stands and what is shown for it: which state, which step is awaited, which button comes
// first. Decisions only; words and icons stand beside them, drawing is the panel's.

import type { Finding, RevocationView, SignInStepView, SignInView } from "../bindings/types";
import { m } from "../paraglide/messages.js";
import type { IconName } from "../parts/icons";
import type { Tone } from "./status";
import { timeInSentence } from "./time";

/** An attempt that this window runs. */
export interface Attempt {
  /** What is awaited; none until the first step was told. */
  step: SignInStepView | null;
  /** Since when `step` is awaited, milliseconds. */
  since: number;
}

/** What the panel shows. `elsewhere`: an attempt is under way that this window did not start. */
export type PanelState =
  | "signed_out" | "signed_in" | "ended" | "failed"
  | "starting" | "browser" | "device" | "exchanging" | "elsewhere";

/** The finding of the last attempt, where it is a failure that the person should read. */
export function reasonOf(view: SignInView, failed: Finding | null): Finding | null {
  const reason = failed ?? view.reason;
  return reason === "sign_in_needed" || reason === "cancelled" ? null : reason;
}

export function panelState(view: SignInView, attempt: Attempt | null, failed: Finding | null): PanelState {
  if (attempt) return attempt.step === null ? "starting" : attempt.step.step;
  switch (view.state) {
    case "waiting": return "elsewhere";
    case "signed_in": return "signed_in";
    case "ended": return failed === null ? "ended" : "failed";
    case "signed_out": return reasonOf(view, failed) === null ? "signed_out" : "failed";
  }
}

export function isUnderWay(state: PanelState): boolean {
  return state === "starting" || state === "browser" || state === "device" || state === "exchanging" || state === "elsewhere";
}

/** Which of the three steps is awaited, 1 to 3. */
export function awaitedStep(state: PanelState): 1 | 2 | 3 {
  if (state === "starting") return 1;
  return state === "exchanging" ? 3 : 2;
}

/** What follows from a failed attempt. */
export type NextStep = "sign_in" | "edit" | "replace_credentials" | "deep_link";

const NEXT: Partial<Record<Finding, NextStep>> = {
  authorization_refused: "edit",
  scope_refused: "edit",
  scope_too_narrow: "edit",
  token_unusable: "edit",
  issuer_mismatch: "edit",
  pkce_unsupported: "edit",
  setting_unusable: "edit",
  redirected_elsewhere: "edit",
  request_refused: "edit",
  dns_not_found: "edit",
  not_found: "edit",
  html_instead_of_json: "edit",
  not_json: "edit",
  client_refused: "replace_credentials",
  private_key_unusable: "replace_credentials",
  credentials_missing: "replace_credentials",
  credentials_withheld: "replace_credentials",
  unauthorised: "replace_credentials",
  redirect_port_taken: "deep_link",
};

/** The first button after `finding`; trying again where nothing else has to be mended first. */
export function nextStep(finding: Finding | null): NextStep {
  return (finding && NEXT[finding]) ?? "sign_in";
}

export const STUCK_MILLISECONDS = 45_000;

/** Is it time to offer the way over a port? The app's own link may lead nowhere on this computer. */
export function offersLoopback(attempt: Attempt | null, now: number): boolean {
  return attempt?.step?.step === "browser" && attempt.step.redirect === "deep-link" && now - attempt.since >= STUCK_MILLISECONDS;
}

/** Until when the attempt can be finished, milliseconds. */
export function endOf(view: SignInView, attempt: Attempt | null): number | null {
  if (attempt) return attempt.step && attempt.step.step !== "exchanging" ? attempt.step.expires_at : null;
  return view.waiting_until;
}

/** `ends in 9 minutes`: rounded up, so that nobody is told less time than there is. */
export function endsIn(until: number, now: number): string {
  if (until <= now) return m.sign_in_ends_over();
  if (until - now < 60_000) return m.sign_in_ends_soon();
  return m.sign_in_ends_in({ count: Math.ceil((until - now) / 60_000) });
}

/** Title and sentence of a state in which all is well or somebody is waited for. */
export function wordsOf(state: Exclude<PanelState, "failed" | "ended">, view: SignInView, name: string, now: number): { title: string; text: string } {
  switch (state) {
    case "signed_out":
      if (!view.needs_person) return { title: m.token_none_title(), text: m.token_none_text({ name }) };
      return { title: m.sign_in_none_title(), text: view.grant === "device_code" ? m.sign_in_none_device_text({ name }) : m.sign_in_none_text({ name }) };
    case "signed_in": return { title: sinceTitle(view, now), text: tokenText(view, name, now) };
    case "starting":
      return view.needs_person
        ? { title: m.sign_in_starting_title(), text: m.sign_in_starting_text({ name }) }
        : { title: m.token_getting_title({ name }), text: m.token_getting_text() };
    case "browser": return { title: m.sign_in_browser_title({ name }), text: m.sign_in_browser_text() };
    case "elsewhere": return { title: m.sign_in_browser_title({ name }), text: m.sign_in_elsewhere_text() };
    case "device": return { title: m.sign_in_device_title({ name }), text: m.sign_in_device_text() };
    case "exchanging":
      return view.needs_person
        ? { title: m.sign_in_exchanging_title({ name }), text: m.sign_in_exchanging_text() }
        : { title: m.token_getting_title({ name }), text: m.token_getting_text() };
  }
}

function sinceTitle(view: SignInView, now: number): string {
  if (view.since === null) return view.needs_person ? m.sign_in_since_unknown() : m.token_since_unknown();
  const when = timeInSentence(view.since, now);
  return view.needs_person ? m.sign_in_since({ when }) : m.token_since({ when });
}

/** How long the token holds, and what happens then. */
export function tokenText(view: SignInView, name: string, now: number): string {
  // A client that signs in by itself gets a new token at any time.
  const renews = view.renews || !view.needs_person;
  if (view.expires_at === null) return renews ? m.token_open_renews({ name }) : m.token_open({ name });
  const when = timeInSentence(view.expires_at, now);
  return renews ? m.token_until_renews({ when }) : m.token_until({ when });
}

export const PANEL_SIGNS: Record<PanelState, { icon: IconName; tone: Tone }> = {
  signed_out: { icon: "key", tone: "idle" },
  signed_in: { icon: "checkCircle", tone: "ok" },
  ended: { icon: "key", tone: "bad" },
  failed: { icon: "octagon", tone: "bad" },
  starting: { icon: "window", tone: "warn" },
  browser: { icon: "window", tone: "warn" },
  device: { icon: "keyboard", tone: "warn" },
  exchanging: { icon: "hourglass", tone: "idle" },
  elsewhere: { icon: "window", tone: "warn" },
};

/** What is said after signing out; the failure says why where it is known. */
export function signOutText(revocation: RevocationView, why: string): string {
  switch (revocation) {
    case "revoked": return m.toast_signed_out_revoked();
    case "not_offered": return m.toast_signed_out_not_offered();
    case "nothing_to_revoke": return m.toast_signed_out_nothing();
    case "failed": return why ? m.toast_signed_out_failed_why({ why }) : m.toast_signed_out_failed();
  }
}
