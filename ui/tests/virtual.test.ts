import { describe, expect, test } from "vitest";

import { movedRow, pageOffsets, visibleWindow } from "../src/lib/virtual";

describe("the rows that are drawn", () => {
  test("at the top of 10,000 rows only a screenful", () => {
    expect(visibleWindow(10_000, 49, -200, 800, 8), "800 of 49 and eight spare").toEqual({ start: 0, end: 25, before: 0, after: (10_000 - 25) * 49 });
  });

  test("in the middle", () => {
    const window = visibleWindow(10_000, 49, 49 * 5000, 490, 8);
    expect([window.start, window.end], "eight rows before and after").toEqual([4992, 5018]);
    expect(window.before, "the spacer stands for the rows before").toBe(4992 * 49);
  });

  test("past the end at least one row is drawn", () => {
    const window = visibleWindow(10, 49, 100_000, 800, 8);
    expect(window.end, "never more rows than there are").toBe(10);
    expect(window.start, "a list that became shorter still shows its end").toBeLessThan(10);
  });

  test("heights always add up", () => {
    for (const scrolled of [-10, 0, 7, 4900, 48_999, 490_000, 9e9]) {
      const window = visibleWindow(10_000, 49, scrolled, 777);
      expect(window.before + (window.end - window.start) * 49 + window.after, "the scrollbar must not jump").toBe(490_000);
    }
  });

  test("nothing for an empty list", () => {
    expect(visibleWindow(0, 49, 0, 800), "no rows").toEqual({ start: 0, end: 0, before: 0, after: 0 });
  });
});

describe("the pages that are asked for", () => {
  const cases: [start: number, end: number, offsets: number[]][] = [
    [0, 25, [0]],
    [190, 210, [0, 200]],
    [200, 400, [200]],
    [399, 401, [200, 400]],
    [5, 5, []],
  ];
  test.each(cases)("%i to %i", (start, end, offsets) => {
    expect(pageOffsets(start, end, 200), "each page once").toEqual(offsets);
  });
});

describe("keys", () => {
  const cases: [key: string, from: number, to: number | null][] = [
    ["ArrowDown", 0, 1],
    ["ArrowDown", 99, 99],
    ["ArrowUp", 0, 0],
    ["PageDown", 10, 22],
    ["PageUp", 5, 0],
    ["Home", 50, 0],
    ["End", 50, 99],
    ["Enter", 50, null],
  ];
  test.each(cases)("%s from %i", (key, from, to) => {
    expect(movedRow(key, from, 100, 12), "stays inside the list").toBe(to);
  });
  test("an empty list moves nowhere", () => {
    expect(movedRow("End", 0, 0, 12), "there is no row").toBeNull();
  });
});
