import { expect, test } from "vitest";

import type { RunRowView } from "../src/bindings/types";
import { underWay, underWayShare, underWayWords } from "../src/lib/underway";

const row = (org: string, started_at: number, fetched: number) => ({ code: "gaa", org, club_name: `Club ${org}`, run: { run_id: `run ${org}`, started_at, fetched } }) as RunRowView;
const far = (fetched: number, expected: number | null) => ({ fetched, expected, page: 1 });

test("each reading stands there once, the longest first", () => {
  const found = underWay([row("b", 20, 5), row("a", 10, 7)], [{ code: "gaa", org: "b", far: far(9, 40) }, { code: "gaa", org: "c", far: null }, { code: "gaa", org: "d", far: null }], { c: "Club c" });
  expect(found.map((one) => [one.club, one.run, one.fetched, one.expected]), "what this window knows of its own is newer, and its run may not be listed yet").toEqual([
    ["Club a", "run a", 7, null],
    ["Club b", "run b", 9, 40],
    ["Club c", null, 0, null],
    ["d", null, 0, null],
  ]);
});

test("how far it is", () => {
  const one = { code: "gaa", org: "a", club: "A", run: null };
  for (const [fetched, expected, words, share] of [
    [0, null, "Asking the federation", null],
    [1, null, "1 member read", null],
    [1_312, null, "1,312 members read", null],
    [312, 1_204, "312 of 1,204 members", 25.9],
    [1, 1, "1 of 1 member", 100],
    [0, 0, "Asking the federation", null],
    // A federation that counts wrongly is not repeated.
    [13, 12, "13 members read", null],
  ] as [number, number | null, string, number | null][]) {
    expect(underWayWords({ ...one, fetched, expected }), "in words").toBe(words);
    const part = underWayShare({ ...one, fetched, expected });
    expect(part === null ? null : Math.round(part * 10) / 10, `${words}, as a bar`).toBe(share);
  }
});
