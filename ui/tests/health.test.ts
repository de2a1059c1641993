import { render } from "svelte/server";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

import type { BeatOutcome, BeatView, ResponsePointView } from "../src/bindings/types";
import { barInWords, BEAT_HEIGHTS, beatAnswer, beatInWords, countBeats, healthSign, milliseconds, movedBeat, responseLine, share } from "../src/lib/health";
import { CLASSES, SOURCES } from "../src/lib/failure";
import BeatTable from "../src/parts/BeatTable.svelte";
import HeartbeatBar from "../src/parts/HeartbeatBar.svelte";
import ResponseChart from "../src/parts/ResponseChart.svelte";

const HOUR = 3_600_000;
const NOW = new Date(2026, 10, 23, 14, 0).getTime();
const beat = (back: number, outcome: BeatOutcome, more: Partial<BeatView> = {}): BeatView => ({
  at: NOW - back * HOUR, outcome, ms: outcome === "failed" || outcome === "offline" ? null : 143, http_status: outcome === "answered" ? 200 : null, finding: null, by_traffic: false, ...more,
});
/** 90 checks, two of them failed: the newer one yesterday at 14:00. */
const NINETY = Array.from({ length: 90 }, (_, place) => beat(89 - place, place === 40 || place === 65 ? "failed" : "answered"));

describe("numbers say what is known, and nothing else (H01)", () => {
  test("a share", () => {
    for (const [value, words] of [[94.1, "94.1 %"], [100, "100 %"], [99.97, "99.9 %"], [0, "0 %"], [null, "–"]] as const) {
      expect(share(value), "unknown is a dash, and almost all is not all").toBe(words);
    }
  });
  test("a time", () => {
    expect([milliseconds(1940), milliseconds(0), milliseconds(null)], "unknown is no zero").toEqual(["1,940 ms", "0 ms", "–"]);
  });
});

describe("a bar of checks in words (H02)", () => {
  test("the whole of it", () => {
    expect(barInWords(NINETY, NOW), "what a screen reader says first").toBe("88 of 90 checks answered, 2 failed, last failure yesterday 14:00");
    expect(barInWords([], NOW), "nothing known is no success").toBe("No checks yet");
    expect(barInWords([beat(1, "answered")], NOW), "one is no plural").toBe("1 of 1 check answered");
  });
  test("being offline is never counted", () => {
    const beats = [beat(3, "answered"), beat(2, "offline"), beat(1, "slow")];
    expect(countBeats(beats), "neither asked nor failed").toMatchObject({ counted: 2, answered: 2, slow: 1, failed: 0, offline: 1, lastFailure: null });
    expect(barInWords(beats, NOW), "but it is said").toBe("2 of 2 checks answered, 1 slow or retried, 1 while you were offline, not counted");
  });
  test("one check", () => {
    const failed = beat(2, "failed", { finding: "unauthorised", http_status: 401, ms: 143 });
    expect(beatInWords(failed, 61, 90, "Badminton", NOW), "number, time, milliseconds, answer").toBe("Check 62 of 90: Today 12:00, 143 ms. Badminton refused the credentials, 401.");
    expect(beatAnswer(beat(1, "answered", { by_traffic: true }), "B"), "no call of its own was made").toBe("Answered, 200, seen from traffic");
    expect(beatAnswer(beat(1, "offline", { finding: "offline" }), "B"), "it counts against nobody").toContain("never counted");
  });
  test("trouble is taller, and no check is least", () => {
    expect([BEAT_HEIGHTS.failed, BEAT_HEIGHTS.slow, BEAT_HEIGHTS.answered, BEAT_HEIGHTS.offline], "told apart without colour").toEqual([24, 15, 8, 2]);
  });
  test("keys move, and stop at the ends", () => {
    for (const [key, at, to] of [
      ["ArrowLeft", 5, 4], ["ArrowRight", 5, 6], ["ArrowLeft", 0, 0], ["ArrowRight", 89, 89], ["Home", 44, 0], ["End", 44, 89], ["PageDown", 44, 34], ["PageUp", 85, 89], ["a", 5, null], ["Tab", 5, null],
    ] as const) {
      expect(movedBeat(key, at, 90), `${key} from ${at}`).toBe(to);
    }
    expect(movedBeat("Home", 0, 0), "there is nowhere to go").toBeNull();
  });
  test("its markup: one focus stop with a name, and what it is on", () => {
    const { body } = render(HeartbeatBar, { props: { beats: NINETY, name: "Badminton", now: NOW } });
    expect(body, "the name says the whole").toContain('aria-label="Badminton: 88 of 90 checks answered, 2 failed, last failure yesterday 14:00"');
    expect(body, "and where one is").toContain('aria-valuetext="Check 90 of 90: Today 14:00, 143 ms. Answered, 200."');
    expect(body.match(/tabindex="0"/g), "one stop for ninety checks").toHaveLength(1);
    expect(body.match(/h2v/g), "every check is drawn").toHaveLength(90);
    expect(body.match(/h2v24/g), "and trouble is taller").toHaveLength(2);
    expect(body, "the drawing itself says nothing").toContain('aria-hidden="true"');
  });
  test("fewer checks leave the left empty", () => {
    const { body } = render(HeartbeatBar, { props: { beats: NINETY.slice(-20), name: "B", now: NOW } });
    expect(/class="none[^"]*" d="([^"]*)"/.exec(body)?.[1]?.match(/M/g), "no check is drawn as none").toHaveLength(70);
    expect(/class="answered[^"]*" d="([^h]*)h/.exec(body)?.[1], "the newest stand on the right").toBe("M210 8");
  });
  test("its table: a real one, the newest first", () => {
    const { body } = render(BeatTable, { props: { beats: NINETY, name: "Badminton" } });
    expect(body.match(/<th scope="col"/g), "heads of columns").toHaveLength(3);
    expect(body.match(/<tr[ >]/g), "a row a check, and the head").toHaveLength(91);
    expect(/datetime="([^"]+)"/.exec(body)?.[1], "the newest stands first").toBe(new Date(NOW).toISOString());
    expect(body, "what came of it is a word, not only a colour").toContain("Failed");
  });
});

describe("response times in words and as a table", () => {
  const point = (hour: number, p95: number | null): ResponsePointView => ({ at: NOW + (hour - 23) * HOUR, p50_ms: p95 === null ? null : p95 / 2, p95_ms: p95, attempts: p95 === null ? 0 : 10, failed: 0 });
  const hours = [point(20, 400), point(21, 760), point(22, null), point(23, 380)];

  test("the line breaks where nothing was answered", () => {
    const line = responseLine(hours);
    expect(line?.path, "no line over what nobody knows").toBe("M0 47.37L33.33 0M100 50h0.01");
    expect(line, "highest and last are told").toMatchObject({ highest: { ms: 760 }, lowest: 380, last: { ms: 380, x: 100, y: 50 } });
    expect(responseLine([point(23, null)]), "nothing is no line").toBeNull();
    expect(responseLine([point(23, 0)])?.path, "an answer in no time").toBe("M100 100h0.01");
  });
  test("its markup: a picture with a name that has the numbers", () => {
    const props = { points: hours, title: "Response time", span: "p95, last 24 hours", by: "hour" as const, now: NOW };
    expect(render(ResponseChart, { props }).body, "a screen reader hears the numbers").toContain('aria-label="Response time, p95, last 24 hours: 380 ms last, highest 760 ms today 12:00, lowest 380 ms."');
    expect(render(ResponseChart, { props: { ...props, points: [point(23, null)] } }).body, "nothing known is said").toContain("No answers yet");
  });
});

describe("states say when they end", () => {
  const words = (state: Parameters<typeof healthSign>[0]) => healthSign(state, NOW).word();
  test("where that is known", () => {
    expect(words({ state: "rate_limited", next_try_at: NOW + 5 * 60_000 }), "today is a clock").toBe("Rate-limited until 14:05");
    expect(words({ state: "rate_limited", next_try_at: NOW + 24 * HOUR }), "another day is said").toBe("Rate-limited until tomorrow 14:00");
    expect(words({ state: "expiring", expires_at: NOW + 8.6 * 24 * HOUR }), "whole days").toBe("Expires in 9 days");
    expect(words({ state: "expiring", expires_at: NOW - 1 }), "the last day").toBe("Expires today");
    expect(words({ state: "expiring" }), "unknown").toBe("Expires soon");
    expect(words({ state: "healthy", expires_at: NOW }), "others are as they are").toBe("Healthy");
  });
});

describe("every class of failure has its sentences", () => {
  const wire = readFileSync(new URL("../src/bindings/types.ts", import.meta.url), "utf8");
  const wordsOf = (type: string) => [...(new RegExp(`export type ${type} = ([^;]+);`).exec(wire)?.[1] ?? "").matchAll(/"([^"]+)"/g)].map((match) => match[1] ?? "");
  test("none is left out", () => {
    expect(Object.keys(CLASSES).sort(), "no class without a text").toEqual(wordsOf("FailureClass").sort());
    expect(Object.keys(SOURCES).sort(), "no source without a word").toEqual(wordsOf("ErrorSource").sort());
  });
  test("what happened, what it means, what to do", () => {
    const all = Object.values(CLASSES);
    for (const each of all) {
      const { means, todo } = each;
      for (const text of [means(), todo()]) {
        expect(text, "a sentence").toMatch(/^[A-Z].*\.$/);
        expect(text, "no exclamation marks, no please, no oops").not.toMatch(/!|please|oops|[{}]/i);
      }
    }
    expect(new Set(all.map((each) => each.word())).size, "two classes with one word cannot be told apart").toBe(all.length);
    expect(new Set(all.map((each) => each.icon)).size, "nor two with one icon").toBe(all.length);
  });
  test("red is for what a person can mend", () => {
    const red = Object.entries(CLASSES).filter(([, each]) => each.tone === "bad").map(([name]) => name).sort();
    expect(red, "a federation's own outage is not red").toEqual(["bad_configuration", "bad_credentials", "forbidden", "needs_sign_in", "not_found"]);
  });
});
