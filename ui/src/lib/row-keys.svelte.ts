// The rows of a long table: which are drawn, and the keys that move between the names in them. The table scrolls inside
// another element; its rows have one height and carry their place as `data-row`.

import { tick } from "svelte";

import { movedRow, visibleWindow, type Window } from "./virtual";

export class RowKeys {
  /** The row that the keyboard is on. */
  current = $state(0);
  body = $state<HTMLElement>();

  #height = $state(0);
  #scrolled = $state(0);
  #viewport = $state(800);
  readonly #total: () => number;
  readonly #scroller: () => HTMLElement | undefined;

  readonly shown: Window = $derived.by(() => visibleWindow(this.#total(), this.#height, this.#scrolled, this.#viewport));

  /** `height` is what a row is taken for until one is drawn, in pixels. Made while a component is. */
  constructor(total: () => number, scroller: () => HTMLElement | undefined, height: number) {
    this.#total = total;
    this.#scroller = scroller;
    this.#height = height;
    $effect(() => {
      if (this.current >= this.#total()) this.current = Math.max(0, this.#total() - 1);
    });
    $effect(() => {
      const box = this.#scroller();
      if (!box) return;
      const measure = () => this.#measure();
      measure();
      box.addEventListener("scroll", measure, { passive: true });
      const observer = new ResizeObserver(measure);
      observer.observe(box);
      return () => {
        box.removeEventListener("scroll", measure);
        observer.disconnect();
      };
    });
  }

  #measure(): void {
    const box = this.#scroller();
    if (!box || !this.body) return;
    const row = this.body.querySelector<HTMLElement>("tr[data-row]");
    if (row) this.#height = row.getBoundingClientRect().height || this.#height;
    this.#viewport = box.clientHeight;
    this.#scrolled = box.getBoundingClientRect().top - this.body.getBoundingClientRect().top;
  }

  /** Brings a row into view and gives its name the focus; false where it is not drawn yet. */
  async moveTo(row: number): Promise<boolean> {
    this.current = row;
    const box = this.#scroller();
    if (box && this.body) {
      const top = this.body.getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop + row * this.#height;
      const head = this.body.parentElement?.querySelector("thead")?.getBoundingClientRect().height ?? 0;
      if (top - head < box.scrollTop) box.scrollTop = top - head;
      else if (top + this.#height > box.scrollTop + box.clientHeight) box.scrollTop = top + this.#height - box.clientHeight;
      this.#measure();
    }
    await tick();
    return this.focus(row);
  }

  /** Gives the name in a row the focus; false where it is not drawn. */
  focus(row: number): boolean {
    const name = this.body?.querySelector<HTMLElement>(`tr[data-row="${row}"] .name`);
    name?.focus({ preventScroll: true });
    return name !== undefined && name !== null;
  }

  /** The row that a key leads to; null where it leads to none, or was not pressed on a name. */
  rowOf(event: KeyboardEvent): number | null {
    if (!(event.target instanceof HTMLElement) || !event.target.classList.contains("name") || event.ctrlKey || event.altKey || event.metaKey) return null;
    return movedRow(event.key, this.current, this.#total(), Math.max(1, Math.floor(this.#viewport / this.#height) - 2));
  }
}

/** Height of what is not drawn, as an attachment, since the page allows no style of its own in markup. */
export function spacer(height: number) {
  return (cell: HTMLElement) => {
    cell.style.height = `${height}px`;
  };
}

/** What `aria-sort` of a column's head says. */
export function ariaSort<Column extends string>(column: Column, sort: Column, descending: boolean): "ascending" | "descending" | undefined {
  if (sort !== column) return undefined;
  return descending ? "descending" : "ascending";
}
