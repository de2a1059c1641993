// The members that a search finds, read page after page as they come into view. News reads again what stands on the screen.

import type { MemberRowView, MemberSearchRequest } from "../bindings/types";
import { tell, type Told } from "../errors";
import { member } from "../ipc";

const PAGE = 200;
const MOST = 500;

export type MemberQuery = Omit<MemberSearchRequest, "after" | "limit">;

export class Members {
  rows = $state.raw<MemberRowView[]>([]);
  found = $state(0);
  more = $state(false);
  all = $state(0);
  loaded = $state(false);
  told = $state<Told | null>(null);
  /** What `rows` answer. */
  answered = $state.raw<MemberQuery | null>(null);
  next = $state<string | null>(null);

  #reading = 0;
  #continuing = false;

  /** Reads from the start; as many rows again where it is the same query. */
  async read(query: MemberQuery): Promise<void> {
    this.#reading += 1;
    const mine = this.#reading;
    const same = JSON.stringify(query) === JSON.stringify(this.answered);
    const wanted = same ? this.rows.length : 0;
    try {
      let page = await member.search({ ...query, limit: Math.min(MOST, Math.max(PAGE, wanted)) });
      const first = page;
      const rows = [...page.rows];
      while (page.next !== null && rows.length < wanted) {
        page = await member.search({ ...query, after: page.next, limit: MOST });
        if (mine !== this.#reading) return;
        rows.push(...page.rows);
      }
      if (mine !== this.#reading) return;
      this.rows = rows;
      this.next = page.next;
      this.found = first.found;
      this.more = first.more;
      this.all = first.all;
      this.answered = query;
      this.told = null;
    } catch (refusal) {
      if (mine !== this.#reading) return;
      this.told = tell(refusal);
    }
    this.loaded = true;
  }

  /** The next page. */
  async go(): Promise<void> {
    const query = this.answered;
    if (query === null || this.next === null || this.#continuing) return;
    const mine = this.#reading;
    this.#continuing = true;
    try {
      const page = await member.search({ ...query, after: this.next, limit: PAGE });
      if (mine !== this.#reading) return;
      this.rows = [...this.rows, ...page.rows];
      this.next = page.next;
      if (this.next === null) {
        this.found = this.rows.length;
        this.more = false;
      }
    } catch (refusal) {
      if (mine === this.#reading) this.told = tell(refusal);
    } finally {
      this.#continuing = false;
    }
  }
}
