// Which rows of a long list are drawn, and which pages of it have to be asked for.

export interface Window {
  /** First row drawn. */
  start: number;
  /** Row after the last one drawn. */
  end: number;
  /** Height of the rows before, in the unit of `rowHeight`. */
  before: number;
  /** Height of the rows after. */
  after: number;
}

/** Rows drawn for a viewport that begins `scrolled` below the list's top; `spare` rows more on either side. */
export function visibleWindow(total: number, rowHeight: number, scrolled: number, viewport: number, spare = 8): Window {
  if (total <= 0 || rowHeight <= 0) return { start: 0, end: 0, before: 0, after: 0 };
  const first = Math.floor(Math.max(0, scrolled) / rowHeight);
  const last = Math.ceil((Math.max(0, scrolled) + Math.max(0, viewport)) / rowHeight);
  const start = Math.min(Math.max(0, first - spare), Math.max(0, total - 1));
  const end = Math.min(total, Math.max(last + spare, start + 1));
  return { start, end, before: start * rowHeight, after: (total - end) * rowHeight };
}

/** Offsets of the pages that hold the rows from `start` up to `end`. */
export function pageOffsets(start: number, end: number, pageSize: number): number[] {
  const offsets: number[] = [];
  if (end <= start) return offsets;
  for (let page = Math.floor(start / pageSize); page * pageSize < end; page += 1) offsets.push(page * pageSize);
  return offsets;
}

/** The row after a key press; null where the key moves nothing. */
export function movedRow(key: string, row: number, total: number, page: number): number | null {
  if (total === 0) return null;
  const last = total - 1;
  switch (key) {
    case "ArrowDown": return Math.min(row + 1, last);
    case "ArrowUp": return Math.max(row - 1, 0);
    case "PageDown": return Math.min(row + page, last);
    case "PageUp": return Math.max(row - page, 0);
    case "Home": return 0;
    case "End": return last;
    default: return null;
  }
}
