// What is being read from a federation just now: from this window, by a schedule, or from the command line.

import type { RunRowView, SyncProgressView } from "../bindings/types";
import { m } from "../paraglide/messages.js";
import { count } from "./time";

/** A reading that this window began; its run may not be listed yet. */
export interface Begun {
  code: string;
  org: string;
  far: SyncProgressView | null;
}

export interface UnderWay {
  code: string;
  org: string;
  /** Name of the club; its own id where nobody said one. */
  club: string;
  /** Its run; null where it is not listed yet. */
  run: string | null;
  fetched: number;
  /** How many there are, where the federation says it. */
  expected: number | null;
}

/** Every reading once, the longest first; what this window knows of one is newer than what was listed. */
export function underWay(rows: RunRowView[], begun: Begun[], names: Record<string, string>): UnderWay[] {
  const listed = [...rows].sort((a, b) => a.run.started_at - b.run.started_at).map((row): UnderWay => {
    const far = begun.find((one) => one.code === row.code && one.org === row.org)?.far ?? null;
    return { code: row.code, org: row.org, club: row.club_name, run: row.run.run_id, fetched: Math.max(row.run.fetched, far?.fetched ?? 0), expected: far?.expected ?? null };
  });
  const others = begun.filter((one) => !rows.some((row) => row.code === one.code && row.org === one.org));
  return [...listed, ...others.map((one) => ({ code: one.code, org: one.org, club: names[one.org] ?? one.org, run: null, fetched: one.far?.fetched ?? 0, expected: one.far?.expected ?? null }))];
}

/** `312 of 1,204 members`; before the first page that it was asked. */
export function underWayWords(one: UnderWay): string {
  if (one.fetched === 0) return m.underway_asking();
  if (one.expected !== null && one.expected >= one.fetched) return m.underway_of({ shown: count(one.fetched), all: count(one.expected), count: one.expected });
  return m.underway_read({ count: one.fetched, shown: count(one.fetched) });
}

/** In percent; null where nobody knows how many there are. */
export function underWayShare(one: UnderWay): number | null {
  return one.expected === null || one.expected === 0 || one.expected < one.fetched ? null : (one.fetched / one.expected) * 100;
}
