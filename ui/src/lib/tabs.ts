// Which tab a key moves to: round and round, as the pattern for tabs says (WAI-ARIA APG, Tabs).

/** The tab after a key press; null where the key moves nothing. */
export function movedTab(key: string, tab: number, total: number): number | null {
  if (total === 0) return null;
  switch (key) {
    case "ArrowRight": return (tab + 1) % total;
    case "ArrowLeft": return (tab - 1 + total) % total;
    case "Home": return 0;
    case "End": return total - 1;
    default: return null;
  }
}
