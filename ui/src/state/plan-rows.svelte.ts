// The rows of one kind of a plan, read in pages as they come into view. A plan is read from its beginning: a page says where the
// next one begins. Pages far from the view are dropped, so that a plan of 100,000 members does not stay in the window.

import type { PlanKind, PlanRowView } from "../bindings/types";
import { sync } from "../ipc";

export const PAGE = 500;
const KEPT = 4;

type Read = (after: string | null, limit: number) => Promise<{ rows: PlanRowView[]; next: string | null }>;

export class PlanRows {
  /** How many there are; grows while it is not known. */
  total = $state(0);
  pages = $state.raw<ReadonlyMap<number, PlanRowView[]>>(new Map());
  failure = $state.raw<unknown>(null);
  /** The last page was seen. */
  whole = $state(false);

  readonly #read: Read;
  readonly #all: boolean;
  readonly #starts: (string | null)[] = [null];
  #wanted: [from: number, to: number] = [0, 0];
  #busy = false;

  /** `expected` rows, or 0 where that is not known. `all`: read and keep every one of them, where they are few. */
  constructor(read: Read, expected: number, all = false) {
    this.#read = read;
    this.#all = all;
    this.total = expected;
  }

  static of(run: string, kind: PlanKind, expected: number, all: boolean): PlanRows {
    return new PlanRows((after, limit) => sync.plan(run, kind, after, limit), expected, all);
  }

  at(place: number): PlanRowView | undefined {
    return this.pages.get(Math.floor(place / PAGE))?.[place % PAGE];
  }

  /** Every row, where all of them are here. */
  all(): PlanRowView[] | null {
    const count = Math.ceil(this.total / PAGE);
    if (!this.whole || this.pages.size < count) return null;
    return Array.from({ length: count }, (_, page) => this.pages.get(page) ?? []).flat();
  }

  /** Reads the rows from `start` up to `end`, and what stands before them as far as it has to be. */
  async want(start: number, end: number): Promise<void> {
    this.#wanted = [Math.floor(start / PAGE), Math.floor(Math.max(start, end - 1) / PAGE)];
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (let page = this.#missing(); page !== null; page = this.#missing()) await this.#page(page);
      this.failure = null;
    } catch (refusal) {
      this.failure = refusal;
    } finally {
      this.#busy = false;
    }
  }

  #missing(): number | null {
    const [from, to] = this.#wanted;
    const known = this.#starts.length - 1;
    for (let page = from; page <= to; page += 1) {
      if (this.pages.has(page)) continue;
      if (page > known && this.whole) break;
      return Math.min(page, known);
    }
    return this.#all && !this.whole ? known : null;
  }

  async #page(page: number): Promise<void> {
    const answer = await this.#read(this.#starts[page] ?? null, PAGE);
    if (page === this.#starts.length - 1) {
      if (answer.next !== null) this.#starts.push(answer.next);
      else this.whole = true;
    }
    const pages = new Map(this.pages).set(page, answer.rows);
    const [from, to] = this.#wanted;
    const away = (place: number) => (place < from ? from - place : Math.max(0, place - to));
    for (const place of [...pages.keys()].sort((a, b) => away(b) - away(a))) {
      if (this.#all || pages.size <= KEPT) break;
      pages.delete(place);
    }
    this.pages = pages;
    const seen = page * PAGE + answer.rows.length;
    this.total = answer.next === null ? seen : Math.max(this.total, seen + 1);
  }
}
