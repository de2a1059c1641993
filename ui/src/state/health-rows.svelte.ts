// What the connector list shows of health. Home's rows are there already; others are asked for as they come into view, a few
// at once, and again after news.

import type { BeatView, HealthView } from "../bindings/types";
import { health } from "../ipc";
import { home } from "./home.svelte";

export interface HealthRow extends Pick<HealthView, "uptime_30d" | "next_try_at" | "expires_at" | "state"> {
  beats: BeatView[];
  /** One of files alone: nothing to check. */
  byFile: boolean;
}

const AT_ONCE = 4;

export class HealthRows {
  #read = $state.raw<Map<string, HealthRow>>(new Map());
  readonly #home = $derived(new Map((home.view?.connectors ?? []).map((row) => [row.code, { ...row, byFile: row.by_file } satisfies HealthRow])));
  /** Those that were asked for since the last news. */
  #asked = new Set<string>();
  #waiting: string[] = [];
  #going = 0;

  of(code: string): HealthRow | undefined {
    return this.#home.get(code) ?? this.#read.get(code);
  }

  /** What is in view is asked for again; what was known stays on the screen until then. */
  news(): void {
    this.#asked.clear();
  }

  /** Asks for those in view that nobody knows yet. Those that have gone out of view meanwhile are let be. */
  need(codes: string[]): void {
    this.#waiting = codes.filter((code) => !this.#asked.has(code) && !this.#home.has(code));
    while (this.#going < AT_ONCE && this.#waiting.length > 0) void this.#next();
  }

  async #next(): Promise<void> {
    this.#going += 1;
    for (let code = this.#waiting.shift(); code !== undefined; code = this.#waiting.shift()) {
      this.#asked.add(code);
      try {
        const view = await health.show(code);
        this.#read = new Map(this.#read).set(code, { ...view, byFile: false });
      } catch {
        // The row is there without it; its page says what is wrong.
      }
    }
    this.#going -= 1;
  }
}
