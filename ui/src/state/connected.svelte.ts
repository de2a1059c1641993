// The connected clubs, to choose from.

import type { ClubView } from "../bindings/types";
import { org } from "../ipc";

/** More clubs than this are not offered by name. */
const MOST = 5_000;
const PAGE = 500;

export class ConnectedClubs {
  /** A club at two connectors is two rows. */
  rows = $state.raw<ClubView[]>([]);

  /** Each club once, however many connectors it has. */
  readonly choices = $derived([...new Map(this.rows.map((row) => [row.org, row.name]))].map(([id, name]) => ({ org: id, name })));

  /** Without an answer there is nothing to choose; the list beside it says what is wrong. */
  async read(): Promise<void> {
    const rows: ClubView[] = [];
    let total = 1;
    try {
      while (rows.length < Math.min(total, MOST)) {
        const page = await org.list({ search: "", sort: "name", descending: false, offset: rows.length, limit: PAGE });
        rows.push(...page.rows);
        total = page.rows.length === 0 ? 0 : page.total;
      }
      this.rows = rows;
    } catch {
      this.rows = [];
    }
  }
}
