// The rows of the connector list, read in pages as they come into view. News makes the pages read again
// while the old rows stay on the screen, so that nothing jumps.

import type { ConnectorListRequest, ConnectorRowView, CountsView } from "../bindings/types";
import { tell, type Told } from "../errors";
import { connector } from "../ipc";
import { NO_COUNTS } from "../lib/status";
import { pageOffsets } from "../lib/virtual";

export const PAGE_SIZE = 200;

export type Query = Pick<ConnectorListRequest, "search" | "filter" | "sort" | "descending">;

export class Rows {
  total = $state(0);
  counts = $state<CountsView>(NO_COUNTS);
  loaded = $state(false);
  told = $state<Told | null>(null);
  /** Rows by their place in the list. */
  rows = $state.raw<Map<number, ConnectorRowView>>(new Map());
  /** The query that `rows` answer. */
  answered = $state.raw<Query | null>(null);

  #query: Query | null = null;
  #generation = 0;
  #asked = new Set<number>();

  /** Reads the first page for `query`, and the pages in view anew where it is the same query. */
  async read(query: Query, start: number, end: number): Promise<void> {
    const same = this.#query !== null && JSON.stringify(this.#query) === JSON.stringify(query);
    this.#query = query;
    this.#generation += 1;
    this.#asked.clear();
    const offsets = same ? pageOffsets(start, Math.max(end, start + 1), PAGE_SIZE) : [0];
    await this.#fetch(offsets.length > 0 ? offsets : [0], true);
  }

  /** Asks for the pages of these rows that are not there yet. */
  async need(start: number, end: number): Promise<void> {
    const missing = pageOffsets(start, Math.min(end, this.total), PAGE_SIZE).filter((offset) => !this.#asked.has(offset));
    if (missing.length > 0) await this.#fetch(missing, false);
  }

  async #fetch(offsets: number[], fresh: boolean): Promise<void> {
    const query = this.#query;
    if (query === null) return;
    const generation = this.#generation;
    for (const offset of offsets) this.#asked.add(offset);
    try {
      const pages = await Promise.all(offsets.map((offset) => connector.list({ ...query, offset, limit: PAGE_SIZE })));
      if (generation !== this.#generation) return;
      const rows = fresh ? new Map<number, ConnectorRowView>() : new Map(this.rows);
      pages.forEach((page, index) => page.rows.forEach((row, place) => rows.set((offsets[index] ?? 0) + place, row)));
      this.rows = rows;
      this.total = pages[0]?.total ?? 0;
      this.counts = pages[0]?.counts ?? NO_COUNTS;
      this.answered = query;
      this.told = null;
      this.loaded = true;
    } catch (refusal) {
      if (generation !== this.#generation) return;
      this.told = tell(refusal);
      this.loaded = true;
    }
  }
}
