// What the view that is chosen on this computer leaves to do. The product refuses the rest; here it is only not offered.

import type { AttentionView, RoleView } from "../bindings/types";

/** Members, plans and everything that changes them. */
export function seesMembers(view: RoleView): boolean {
  return view !== "support";
}

/** What concerns all clubs at once: how long data is kept, backups, pasted lists, the schedule of a whole connector. */
export function seesEverything(view: RoleView): boolean {
  return view === "all";
}

/** What is opened in place of a preview, a decision or a reading that this view does not show; null where nothing stands in the way. */
export function insteadOf(item: Pick<AttentionView, "kind" | "action" | "org" | "plan_id">, view: RoleView): "run" | "connector" | null {
  const needsMembers = item.kind === "undone" || item.kind === "missed_runs" || item.action === "review_plan" || (item.action === "retry" && item.org !== null);
  if (!needsMembers || seesMembers(view)) return null;
  return item.plan_id === null ? "connector" : "run";
}
