import { expect, test } from "vitest";

import type { AttentionView, ComingRunView, HomeView } from "../src/bindings/types";
import { ago, attention, runWhy, statusSentences, subLine } from "../src/lib/home";

const MINUTE = 60_000;
const DAY = 86_400_000;
const NOW = new Date(2026, 10, 23, 14, 0).getTime();
const BLANK: HomeView = {
  clubs_all: 0, clubs_up_to_date: 0, connectors_all: 3, connectors_healthy: 3, needs_you: 0, attention: [], connectors: [], syncing: [], hours: [], p95_ms: null, next_runs: [], recent_errors: [],
  errors_7d: 0, checked_at: NOW - 2 * MINUTE,
};
const run = (more: Partial<ComingRunView>): ComingRunView => ({ at: NOW + DAY, kind: "schedule", code: "c", name: "C", org: null, club: null, ...more });

test("the status sentence counts clubs where any is connected, otherwise connectors", () => {
  for (const [more, sentence] of [
    [{ clubs_all: 18, clubs_up_to_date: 12, needs_you: 3 }, "12 of 18 clubs are up to date. Three things need you."],
    [{ clubs_all: 18, clubs_up_to_date: 18 }, "All 18 clubs are up to date."],
    [{ clubs_all: 1, clubs_up_to_date: 1 }, "The club is up to date."],
    [{ clubs_all: 1, clubs_up_to_date: 0, needs_you: 1 }, "The club is not up to date. One thing needs you."],
    [{ clubs_all: 4, clubs_up_to_date: 0, needs_you: 13 }, "None of the 4 clubs is up to date. 13 things need you."],
    [{}, "All 3 connectors are healthy."],
    [{ connectors_healthy: 1, needs_you: 2 }, "1 of 3 connectors are healthy. Two things need you."],
    [{ connectors_all: 1, connectors_healthy: 0 }, "The connector is not healthy yet."],
    [{ clubs_all: 1204, clubs_up_to_date: 1000, needs_you: 12 }, "1,000 of 1,204 clubs are up to date. Twelve things need you."],
  ] as [Partial<HomeView>, string][]) {
    expect(statusSentences({ ...BLANK, ...more }).join(" "), "small numbers that open a sentence are words").toBe(sentence);
  }
});

test("under it stands what goes on by itself", () => {
  for (const [more, sentence] of [
    [{ needs_you: 3, syncing: ["Abbeyfinn Handball"] }, "Everything else runs by itself. Checked 2 minutes ago; Abbeyfinn Handball is syncing now."],
    [{ needs_you: 1, syncing: ["A", "B", "C"] }, "Everything else runs by itself. Checked 2 minutes ago; A, B and C are syncing now."],
    [{ next_runs: [run({ at: new Date(2026, 10, 24, 2, 0).getTime() })] }, "Nothing needs you. Checked 2 minutes ago; the next run is tomorrow 02:00."],
    [{ checked_at: null }, "Nothing needs you. Nothing has been checked yet."],
    [{ needs_you: 2, next_runs: [run({})] }, "Everything else runs by itself. Checked 2 minutes ago."],
  ] as [Partial<HomeView>, string][]) {
    expect(subLine({ ...BLANK, ...more }, NOW), "one line").toBe(sentence);
  }
});

test("how long ago", () => {
  expect([ago(NOW - 5_000, NOW), ago(NOW - MINUTE, NOW), ago(NOW - 59 * MINUTE, NOW), ago(NOW - 3 * 60 * MINUTE, NOW)], "minutes, then the time").toEqual(["a moment ago", "1 minute ago", "59 minutes ago", "today 11:00"]);
});

const THING: AttentionView = {
  kind: "connector", state: "action_needed", code: "badminton", name: "Badminton", org: null, club: null, since: NOW - 4 * DAY, class: "bad_credentials", finding: "unauthorised", clubs: 2, lists_from: NOW - 4 * DAY,
  plan_id: null, guard: null, members_before: null, members_now: null, conflicts: null, missed: null, expires_at: null, action: "replace_key",
};
const HELD: AttentionView = { ...THING, kind: "guard", state: "held", class: null, finding: null, org: "tullybeg", club: "Tullybeg", plan_id: "p", guard: "too_many_leavers", members_before: 412, members_now: 272, action: "review_plan" };
const OF_CLUB = { kind: "guard", org: "tullybeg", club: "Tullybeg" } as const;

test("a thing that needs a person has a heading, a sentence and one button", () => {
  for (const [item, title, text, button] of [
    [THING, "Badminton refused the key", "2 clubs. Nothing was changed; their lists are from Thu 19 Nov.", "Replace key"],
    [{ ...THING, lists_from: null, clubs: 1 }, "Badminton refused the key", "1 club. Nothing was changed; it has no list yet.", "Replace key"],
    [{ ...THING, clubs: 0 }, "Badminton refused the key", "No club is connected to it.", "Replace key"],
    [{ ...THING, state: "sign_in_again", finding: "sign_in_ended", action: "sign_in" }, "Badminton asks you to sign in again", "2 clubs. The stored sign-in ended Thu 19 Nov. Nothing was changed.", "Sign in"],
    [{ ...THING, finding: "client_refused", action: "open_settings" }, "Badminton does not accept the client id or its secret", "2 clubs. Nothing was changed; their lists are from Thu 19 Nov.", "Open settings"],
    [HELD, "Tullybeg: the list shrank by 34 %", "412 members last time, 272 now. Held before anyone was marked as a leaver.", "Review changes"],
    [{ ...HELD, guard: "empty_list", members_now: 0 }, "Tullybeg: the list is empty", "412 members last time, 0 now. Held before anyone was marked as a leaver.", "Review changes"],
    [{ ...HELD, ...OF_CLUB, members_before: null }, "Tullybeg: many members are no longer in the list", "Held before anyone was marked as a leaver. Nothing was changed.", "Review changes"],
    [{ ...HELD, kind: "plan", guard: null }, "Tullybeg: a plan waits for you", "Nothing is changed until you have looked at it.", "Review changes"],
    [{ ...HELD, kind: "club_failing", state: "action_needed", finding: "not_found", lists_from: null, action: "retry" }, "Tullybeg could not be synced", "There is no list at this address. Nothing was changed; it has no list yet.", "Try again"],
    [{ ...HELD, kind: "club_failing", state: "action_needed", finding: null, lists_from: NOW - 4 * DAY, action: "retry" }, "Tullybeg could not be synced", "Nothing was changed; its list is from Thu 19 Nov.", "Try again"],
    [{ ...THING, kind: "expiring", state: "expiring", finding: null, expires_at: NOW + 9 * DAY }, "The key or token of Badminton ends in 9 days", "Everything works until then. Replace it before, and nothing stops.", "Replace key"],
    [{ ...THING, kind: "expiring", state: "expiring", finding: null, expires_at: NOW - 1 }, "The key or token of Badminton has ended", "Nothing new comes in until it is replaced. Nothing was changed.", "Replace key"],
  ] as [AttentionView, string, string, string][]) {
    expect(attention(item, NOW), title).toMatchObject({ title, text, button });
  }
});

test("no two guards read alike", () => {
  const titles = ["empty_list", "too_many_leavers", "page_anomaly", "total_mismatch", "incomplete_list"].map((guard) => attention({ ...HELD, guard }, NOW).title);
  expect(new Set(titles).size, "each has its own sentence").toBe(titles.length);
});

test("why something runs then", () => {
  const at = NOW + 21 * MINUTE;
  for (const [more, words] of [
    [{ at, kind: "limit_ends" }, "when the limit ends"],
    [{ at, kind: "retry" }, "another try"],
    [{ at, kind: "schedule" }, "today"],
    [{ kind: "schedule" }, "tomorrow"],
    [{ kind: "probe" }, "checked again, tomorrow"],
    [{ at: NOW + 4 * DAY, kind: "schedule" }, "Fri 27 Nov"],
  ] as [Partial<ComingRunView>, string][]) {
    expect(runWhy(run(more), NOW), "the clock stands beside it").toBe(words);
  }
});
