// The rows of the connector list, read in pages as they come into view. News makes the pages read again
// while the old rows stay on the screen, so that nothing jumps.

import type { ConnectorListRequest, ConnectorRowView, CountsView, HealthFilter } from "../bindings/types";
import { tell, type Told } from "../errors";
import { connector, health } from "../ipc";
import { NO_COUNTS } from "../lib/status";
import { pageOffsets } from "../lib/virtual";

export const PAGE_SIZE = 200;

export type Query = Pick<ConnectorListRequest, "search" | "filter" | "sort" | "descending"> & {
  /** Only those that fit this too: it is asked for as one list, and the rows are read whole. */
  within?: HealthFilter;
};

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
    if (missing.length > 0 && this.#query?.within === undefined) await this.#fetch(missing, false);
  }

  /** All that the query finds, drawn or not. */
  async all(): Promise<ConnectorRowView[]> {
    const query = this.#query;
    if (query === null) return [];
    if (this.rows.size >= this.total) return [...this.rows.values()];
    const { within: _, ...asked } = query;
    return (await connector.list({ ...asked, offset: 0 })).rows;
  }

  #put(query: Query, rows: Map<number, ConnectorRowView>, total: number, counts: CountsView): void {
    this.rows = rows;
    this.total = total;
    this.counts = counts;
    this.answered = query;
    this.told = null;
    this.loaded = true;
  }

  async #fetch(offsets: number[], fresh: boolean): Promise<void> {
    const query = this.#query;
    if (query === null) return;
    const generation = this.#generation;
    for (const offset of offsets) this.#asked.add(offset);
    try {
      const { within, ...asked } = query;
      if (within !== undefined) {
        const [fitting, all] = await Promise.all([health.list(within), connector.list({ ...asked, offset: 0 })]);
        if (generation !== this.#generation) return;
        const codes = new Set(fitting.map((one) => one.code));
        const kept = all.rows.filter((row) => codes.has(row.code));
        this.#put(query, new Map(kept.map((row, place) => [place, row])), kept.length, all.counts);
        return;
      }
      const pages = await Promise.all(offsets.map((offset) => connector.list({ ...asked, offset, limit: PAGE_SIZE })));
      if (generation !== this.#generation) return;
      const rows = fresh ? new Map<number, ConnectorRowView>() : new Map(this.rows);
      pages.forEach((page, index) => page.rows.forEach((row, place) => rows.set((offsets[index] ?? 0) + place, row)));
      this.#put(query, rows, pages[0]?.total ?? 0, pages[0]?.counts ?? NO_COUNTS);
    } catch (refusal) {
      if (generation !== this.#generation) return;
      this.told = tell(refusal);
      this.loaded = true;
    }
  }
}
