import { describe, expect, test } from "vitest";

import type { Finding, SignInStepView, SignInView } from "../src/bindings/types";
import { FINDINGS } from "../src/errors";
import {
  awaitedStep, endOf, endsIn, isUnderWay, nextStep, offersLoopback, panelState, reasonOf, signOutText, STUCK_MILLISECONDS, tokenText, wordsOf, type Attempt,
} from "../src/lib/sign-in";

const NOW = Date.parse("2026-11-23T13:30:00");
const view = (more: Partial<SignInView> = {}): SignInView => ({
  state: "signed_out", grant: "authorization_code", needs_person: true, since: null, expires_at: null, renews: false, scopes: [], missing_scopes: [],
  reason: null, waiting_until: null, waiting_redirect: null, redirect_uri_deep_link: "d", redirect_uri_loopback: "l", ...more,
});
const browser = (redirect: "deep-link" | "loopback" = "deep-link"): SignInStepView => ({ step: "browser", authorization_url: "u", redirect_uri: "r", redirect, expires_at: NOW + 600_000 });
const device: SignInStepView = { step: "device", user_code: "C", verification_uri: "v", verification_uri_complete: null, expires_at: NOW + 600_000 };
const attempt = (step: SignInStepView | null): Attempt => ({ step, since: NOW });

describe("what the panel shows", () => {
  const cases: [name: string, view: SignInView, attempt: Attempt | null, failed: Finding | null, shown: string][] = [
    ["nothing yet", view(), null, null, "signed_out"],
    ["only the need of it", view({ reason: "sign_in_needed" }), null, null, "signed_out"],
    ["declined", view({ reason: "sign_in_declined" }), null, null, "failed"],
    ["failed in this window", view(), null, "redirect_port_taken", "failed"],
    ["ended", view({ state: "ended", reason: "sign_in_ended" }), null, null, "ended"],
    ["ended, and the new attempt failed", view({ state: "ended", reason: "sign_in_ended" }), null, "sign_in_declined", "failed"],
    ["signed in", view({ state: "signed_in" }), null, null, "signed_in"],
    ["signed in, although another attempt failed", view({ state: "signed_in" }), null, "sign_in_expired", "signed_in"],
    ["under way elsewhere", view({ state: "waiting" }), null, null, "elsewhere"],
    ["just started", view(), attempt(null), null, "starting"],
    ["in the browser", view({ state: "waiting" }), attempt(browser()), null, "browser"],
    ["on another device", view({ state: "waiting" }), attempt(device), null, "device"],
    ["being exchanged", view({ state: "waiting" }), attempt({ step: "exchanging" }), null, "exchanging"],
  ];
  test.each(cases)("%s", (_name, signIn, running, failed, shown) => {
    expect(panelState(signIn, running, failed), "one state at a time").toBe(shown);
  });

  test("a stop by the person is no failure", () => {
    expect(reasonOf(view({ reason: "cancelled" }), null), "nothing has to be mended").toBeNull();
    expect(panelState(view({ reason: "cancelled" }), null, null)).toBe("signed_out");
  });
});

test("the awaited step", () => {
  expect((["starting", "browser", "device", "elsewhere", "exchanging"] as const).map(awaitedStep), "the person is awaited from the moment the browser is open").toEqual([1, 2, 2, 2, 3]);
  expect((["signed_out", "signed_in", "ended", "failed"] as const).some(isUnderWay), "nothing is awaited").toBe(false);
});

describe("the first button after a failure", () => {
  const cases: [finding: Finding | null, next: string][] = [
    [null, "sign_in"],
    ["sign_in_declined", "sign_in"],
    ["sign_in_expired", "sign_in"],
    ["sign_in_mismatch", "sign_in"],
    ["sign_in_interrupted", "sign_in"],
    ["authorization_failed", "sign_in"],
    ["offline", "sign_in"],
    ["scope_refused", "edit"],
    ["pkce_unsupported", "edit"],
    ["client_refused", "replace_credentials"],
    ["private_key_unusable", "replace_credentials"],
    ["redirect_port_taken", "deep_link"],
  ];
  test.each(cases)("%s leads to %s", (finding, next) => {
    expect(nextStep(finding), "what helps comes first").toBe(next);
  });
});

describe("the way over a port", () => {
  test("is offered after a while, and only where the link may lead nowhere", () => {
    const later = NOW + STUCK_MILLISECONDS;
    expect(offersLoopback(attempt(browser()), later), "the browser did not come back").toBe(true);
    expect(offersLoopback(attempt(browser()), later - 1), "too soon").toBe(false);
    expect(offersLoopback(attempt(browser("loopback")), later), "it is that way already").toBe(false);
    expect(offersLoopback(attempt(device), later), "no browser has to come back").toBe(false);
    expect(offersLoopback(null, later), "nothing under way").toBe(false);
  });
});

test("the remaining time is never told too short", () => {
  expect(endsIn(NOW + 600_000, NOW)).toBe("ends in 10 minutes");
  expect(endsIn(NOW + 61_000, NOW), "rounded up").toBe("ends in 2 minutes");
  expect(endsIn(NOW + 60_000, NOW)).toBe("ends in 1 minute");
  expect(endsIn(NOW + 59_000, NOW)).toBe("ends in less than a minute");
  expect(endsIn(NOW - 1, NOW)).toBe("the time is over");
  expect(endOf(view({ waiting_until: 7 }), null), "of an attempt elsewhere").toBe(7);
  expect(endOf(view(), attempt({ step: "exchanging" })), "nobody has to hurry any more").toBeNull();
});

describe("how long the token holds", () => {
  const at = NOW + 35 * 60_000;
  test("is said with what happens then", () => {
    expect(tokenText(view({ expires_at: at, renews: true }), "Tennis", NOW)).toBe("The token is valid until today 14:05; it renews itself.");
    expect(tokenText(view({ expires_at: at }), "Tennis", NOW)).toBe("The token is valid until today 14:05, then sign in again.");
    expect(tokenText(view({ renews: true }), "Tennis", NOW)).toMatch(/^Tennis did not say/);
    expect(tokenText(view({ expires_at: at, needs_person: false }), "Tennis", NOW), "a client gets a new one by itself").toMatch(/renews itself/);
  });
  test("and nobody is asked to sign in where nobody has to", () => {
    const words = wordsOf("signed_out", view({ needs_person: false, grant: "client_credentials" }), "Tennis", NOW);
    expect(words.title + words.text, "the client does it").toMatch(/Nobody has to sign in/);
  });
});

test("each end of a sign-out has its sentence", () => {
  const texts = (["revoked", "not_offered", "failed", "nothing_to_revoke"] as const).map((revocation) => signOutText(revocation, ""));
  expect(new Set(texts).size, "they differ in what still counts").toBe(4);
  expect(signOutText("failed", FINDINGS.server_error.title({ system: "Tennis", host: "" })), "the reason is told").toMatch(/Tennis has a fault/);
});
