import { describe, expect, test } from "vitest";

import { absoluteTime, count, dayText, fileSize, relativeTime } from "../src/lib/time";

const ZONE = "Europe/Dublin";
const at = (text: string) => Date.parse(text);

describe("relative times", () => {
  const now = at("2026-11-23T14:00:00Z");
  const cases: [when: string, words: string][] = [
    ["2026-11-23T02:04:00Z", "Today 02:04"],
    ["2026-11-22T23:59:00Z", "Yesterday 23:59"],
    ["2026-11-24T00:00:00Z", "Tomorrow 00:00"],
    ["2026-11-19T10:00:00Z", "Thu 19 Nov"],
    ["2026-11-12T10:00:00Z", "Thu 12 Nov"],
    ["2026-03-03T10:00:00Z", "3 Mar 2026"],
    ["2025-03-03T10:00:00Z", "3 Mar 2025"],
  ];
  test.each(cases)("%s is %s", (when, words) => {
    expect(relativeTime(at(when), now, ZONE), "today and tomorrow in words, then the weekday, then the date").toBe(words);
  });

  test("the day is the local one", () => {
    expect(relativeTime(at("2026-07-01T23:30:00Z"), at("2026-07-02T08:00:00Z"), ZONE), "00:30 in Dublin is already the next day").toBe("Today 00:30");
  });

  test("a day of 25 hours is one day", () => {
    expect(relativeTime(at("2026-10-24T23:30:00Z"), at("2026-10-26T00:30:00Z"), ZONE), "the clocks went back in between").toBe("Yesterday 00:30");
  });

  test("midnight is 00, not 24", () => {
    expect(relativeTime(at("2026-11-23T00:00:00Z"), now, ZONE), "24:00 would be another day").toBe("Today 00:00");
  });
});

test("the absolute time names day and zone", () => {
  const text = absoluteTime(at("2026-07-01T12:00:00Z"), ZONE);
  expect(text, "the weekday and the year").toMatch(/Wednesday.*1 July 2026/);
  expect(text, "the zone, so that nobody has to guess").toMatch(/GMT\+1|BST|IST/);
});

test("days, sizes and counts", () => {
  expect(dayText("2027-03-03"), "a day without a time").toBe("3 March 2027");
  expect(dayText("soon"), "what is no day is shown as it is").toBe("soon");
  expect(count(1204), "thousands are separated").toBe("1,204");
  const sizes: [bytes: number, text: string][] = [[512, "512 bytes"], [38_200_000, "38.2 MB"], [4_200, "4 kB"], [1_500_000_000, "1.5 GB"]];
  for (const [bytes, text] of sizes) expect(fileSize(bytes), "with its unit").toBe(text);
});
