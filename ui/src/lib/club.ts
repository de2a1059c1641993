// Clubs: the sign of a row, the id that is suggested for a name, and lines as a person can mend them.

import type { ClubImportLineView, ClubView, HealthState } from "../bindings/types";
import { m } from "../paraglide/messages.js";
import { STATES, type Sign } from "./status";
import { timeInSentence } from "./time";

const NEVER_SYNCED: Sign = { word: m.state_never_synced, icon: "circle", tone: "idle" };
const FAILING: Sign = { word: m.state_action_needed, icon: "octagon", tone: "bad" };
const DISCONNECTED: Sign = { word: m.state_disconnected, icon: "archive", tone: "idle" };

/** States of a connector that say nothing against its clubs. */
const WELL: HealthState[] = ["healthy", "not_tested"];

/** The club's own trouble first, then its connector's, then how it stands. */
export function clubSign(row: Pick<ClubView, "state" | "connector_state">): Sign {
  if (row.state === "disconnected") return DISCONNECTED;
  if (row.state === "failing") return FAILING;
  if (!WELL.includes(row.connector_state)) return STATES[row.connector_state];
  return row.state === "synced" ? STATES.healthy : NEVER_SYNCED;
}

/** When it runs by itself, or what became of that; empty where it does not. */
export function byItself(row: Pick<ClubView, "schedule">, now = Date.now()): string {
  const schedule = row.schedule;
  if (!schedule) return "";
  if (schedule.by_file) return m.club_by_file();
  if (schedule.retry_at !== null) return m.club_tried_again({ when: timeInSentence(schedule.retry_at, now) });
  if (schedule.gave_up_at !== null) return m.club_gave_up({ when: timeInSentence(schedule.gave_up_at, now) });
  return schedule.next_at === null ? "" : m.sched_row_next({ when: timeInSentence(schedule.next_at, now) });
}

/** An id for a club of this name, as people would write it: `Baile Uí Dhuibh` → `baile-ui-dhuibh`. */
export function suggestOwnId(name: string): string {
  return name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 60);
}

/** Lines as they can be pasted again, with a mark around what holds a separator. */
export function linesAgain(lines: ClubImportLineView[]): string {
  const field = (text: string) => (/[,"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return ["org,name,federation_org", ...lines.map((line) => [line.org, line.name, line.federation_org].map(field).join(","))].join("\n");
}
