import { expect, test } from "vitest";

import type { NextRunView } from "../src/bindings/types";
import { chosenOf, clockChangeInWords, nextInWords, scheduleInWords, scheduleOf } from "../src/lib/schedule";

test("a schedule is chosen in words and comes back as it was", () => {
  for (const [schedule, rhythm, words] of [
    ["0 2 * * *", "night", "Every day at 02:00"],
    ["30 7 * * 4", "week", "Every Thursday at 07:30"],
    ["0 2 * * 1-5", "own", "At its own times: 0 2 * * 1-5"],
    ["*/15 * * * *", "own", "At its own times: */15 * * * *"],
    ["99 2 * * *", "own", "At its own times: 99 2 * * *"],
  ] as const) {
    expect(chosenOf(schedule).rhythm, schedule).toBe(rhythm);
    expect(scheduleInWords(schedule), schedule).toBe(words);
    expect(scheduleOf(chosenOf(schedule)), "nothing is lost").toBe(schedule);
  }
  expect(scheduleOf({ ...chosenOf("0 2 * * 7") }), "Sunday has two numbers").toBe("0 2 * * 0");
  expect(scheduleOf({ ...chosenOf("0 2 * * *"), time: "" }), "no time is no schedule").toBe("");
});

test("a run to come is told by the clocks of its zone, wherever the computer is", () => {
  const run: NextRunView = { at: 0, utc: "", local: "2026-11-26T02:07:00", weekday: 4, offset_minutes: 0, days_from_now: 1, clock_change: null };
  expect(nextInWords(run), "tomorrow").toBe("tomorrow, Thursday 26 November, 02:07");
  expect(nextInWords({ ...run, days_from_now: 0 }), "today").toBe("today, Thursday 26 November, 02:07");
  expect(nextInWords({ ...run, days_from_now: 3 }), "later").toBe("Thursday 26 November, 02:07");
  expect(clockChangeInWords(run), "most runs have none").toBe("");
  expect(clockChangeInWords({ ...run, clock_change: "missing" }), "it says what happens").toContain("right after");
});
