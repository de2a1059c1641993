// Health as a person reads it: shares, checks, response times. What nobody knows is a dash or a sentence, never a number.

import type { BeatOutcome, BeatView, HealthState, HealthView, ResponsePointView } from "../bindings/types";
import { FINDINGS } from "../errors";
import { m } from "../paraglide/messages.js";
import { STATES, type Sign } from "./status";
import { count, formatLocale, relativeTime, timeInSentence } from "./time";

/** Checks that a bar shows. */
export const BEATS = 90;
const DAY = 86_400_000;

/** `94.1 %`. Rounded down: 99.97 is not 100. Unknown is a dash. */
export function share(percent: number | null): string {
  if (percent === null) return m.dash();
  const down = Math.floor(percent * 10) / 10;
  return `${new Intl.NumberFormat(formatLocale(), { maximumFractionDigits: 1 }).format(down)} %`;
}

/** `1,940 ms`; unknown is a dash. */
export function milliseconds(ms: number | null): string {
  return ms === null ? m.dash() : m.milliseconds({ ms: count(ms) });
}

/** Whole days until a time, by the calendar's length of a day; 0 on the last one. */
function daysUntil(at: number, now: number): number {
  return Math.max(0, Math.ceil((at - now) / DAY));
}

/** The sign of a state, with what is known of its end: `Rate-limited until 14:05`, `Expires in 9 days`. */
export function healthSign(health: { state: HealthState } & Partial<Pick<HealthView, "next_try_at" | "expires_at">>, now: number): Sign {
  const sign = STATES[health.state];
  if (health.state === "rate_limited" && typeof health.next_try_at === "number") {
    const when = clockOrTime(health.next_try_at, now);
    return { ...sign, word: () => m.health_rate_until({ when }) };
  }
  if (health.state === "expiring" && typeof health.expires_at === "number") {
    const days = daysUntil(health.expires_at, now);
    return { ...sign, word: () => (days === 0 ? m.health_expires_today() : m.health_expires_days({ count: days, shown: count(days) })) };
  }
  return sign;
}

/** `14:05` of the same day, otherwise as in a sentence. */
export function clockOrTime(at: number, now: number): string {
  const words = relativeTime(at, now);
  const clock = clockOf(at);
  return words === m.time_today({ clock }) ? clock : timeInSentence(at, now);
}

export function clockOf(at: number): string {
  return new Intl.DateTimeFormat(formatLocale(), { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(at);
}

// Checks

/** Trouble is taller: heights in the pixels of the bar, which is never scaled. */
export const BEAT_HEIGHTS: Record<BeatOutcome | "none", number> = { answered: 8, slow: 15, failed: 24, offline: 2, none: 2 };

const OUTCOMES: Record<BeatOutcome, () => string> = {
  answered: m.health_beat_answered,
  slow: m.health_beat_slow,
  failed: m.health_beat_failed,
  offline: m.health_beat_offline,
};

export interface BeatCounts {
  /** Checks that count: all but those made offline. */
  counted: number;
  answered: number;
  slow: number;
  failed: number;
  offline: number;
  lastFailure: number | null;
}

export function countBeats(beats: BeatView[]): BeatCounts {
  const of = (outcome: BeatOutcome) => beats.filter((beat) => beat.outcome === outcome).length;
  const [slow, failed, offline] = [of("slow"), of("failed"), of("offline")];
  return {
    counted: beats.length - offline,
    answered: beats.length - offline - failed,
    slow,
    failed,
    offline,
    lastFailure: beats.findLast((beat) => beat.outcome === "failed")?.at ?? null,
  };
}

/** The whole bar in words: `88 of 90 checks answered, 2 failed, last failure yesterday 14:02`. */
export function barInWords(beats: BeatView[], now: number): string {
  if (beats.length === 0) return m.health_bar_none();
  const found = countBeats(beats);
  const number = (value: number) => ({ count: value, shown: count(value) });
  return [
    m.health_bar_answered({ ...number(found.counted), done: count(found.answered) }),
    ...(found.failed > 0 ? [m.health_bar_failed(number(found.failed))] : []),
    ...(found.slow > 0 ? [m.health_bar_slow(number(found.slow))] : []),
    ...(found.offline > 0 ? [m.health_bar_offline(number(found.offline))] : []),
    ...(found.lastFailure !== null ? [m.health_bar_last_failure({ when: timeInSentence(found.lastFailure, now) })] : []),
  ].join(", ");
}

/** What a check came to: `Refused the key, 401`. */
export function beatAnswer(beat: BeatView, name: string): string {
  const { http_status: status, finding } = beat;
  let what: string;
  if (finding !== null && beat.outcome !== "offline") {
    const title = FINDINGS[finding].title({ system: name, host: name });
    what = status === null ? title : m.health_beat_found_status({ what: title, status });
  } else if (status !== null && beat.outcome === "answered") what = m.health_beat_answered_status({ status });
  else if (status !== null && beat.outcome === "slow") what = m.health_beat_slow_status({ status });
  else what = OUTCOMES[beat.outcome]();
  return beat.by_traffic ? m.health_beat_traffic({ what }) : what;
}

/** When it was, and how long the answer took where one came. */
export function beatWhen(beat: BeatView, now: number): string {
  const when = relativeTime(beat.at, now);
  return beat.ms === null ? when : m.health_beat_when({ when, ms: milliseconds(beat.ms) });
}

/** One check as a screen reader says it. */
export function beatInWords(beat: BeatView, place: number, total: number, name: string, now: number): string {
  return m.health_beat_said({ check: m.health_beat_number({ number: place + 1, total }), when: beatWhen(beat, now), what: beatAnswer(beat, name) });
}

/** The check after a key press; null where the key moves nothing. */
export function movedBeat(key: string, at: number, total: number): number | null {
  if (total === 0) return null;
  switch (key) {
    case "ArrowLeft": case "ArrowDown": return Math.max(0, at - 1);
    case "ArrowRight": case "ArrowUp": return Math.min(total - 1, at + 1);
    case "PageUp": return Math.min(total - 1, at + 10);
    case "PageDown": return Math.max(0, at - 10);
    case "Home": return 0;
    case "End": return total - 1;
    default: return null;
  }
}

// Response times

export interface Line {
  /** The line in a box of 100 by 100; it breaks where nothing was answered. */
  path: string;
  highest: { ms: number; at: number; x: number };
  lowest: number;
  /** The last point that is known. */
  last: { ms: number; at: number; x: number; y: number };
}

/** The p95 line of these hours or days; null where nothing was answered at all. */
export function responseLine(points: ResponsePointView[]): Line | null {
  const known = points.flatMap((point, place) => (point.p95_ms === null ? [] : [{ at: point.at, ms: point.p95_ms, place }]));
  const first = known[0];
  const last = known.at(-1);
  if (!first || !last) return null;
  const highest = known.reduce((top, point) => (point.ms > top.ms ? point : top), first);
  const lowest = known.reduce((least, point) => Math.min(least, point.ms), first.ms);
  const x = (place: number) => (points.length < 2 ? 100 : (place / (points.length - 1)) * 100);
  const y = (ms: number) => (highest.ms === 0 ? 100 : 100 - (ms / highest.ms) * 100);
  const spot = (value: number) => String(Math.round(value * 100) / 100);
  const path = known
    .map((point, index) => {
      const before = known[index - 1];
      const joined = before !== undefined && before.place === point.place - 1;
      const alone = !joined && known[index + 1]?.place !== point.place + 1;
      // A point with no neighbours is a line of no length, which round ends make visible.
      return `${joined ? "L" : "M"}${spot(x(point.place))} ${spot(y(point.ms))}${alone ? "h0.01" : ""}`;
    })
    .join("");
  return {
    path,
    highest: { ms: highest.ms, at: highest.at, x: x(highest.place) },
    lowest,
    last: { ms: last.ms, at: last.at, x: x(last.place), y: y(last.ms) },
  };
}

/** The chart in words. */
export function chartInWords(title: string, span: string, line: Line | null, now: number): string {
  if (line === null) return `${title}, ${span}: ${m.health_chart_none()}`;
  return m.health_chart_name({
    title,
    span,
    now: milliseconds(line.last.ms),
    high: milliseconds(line.highest.ms),
    when: timeInSentence(line.highest.at, now),
    low: milliseconds(line.lowest),
  });
}
