// Runs: the sign of a state, the words of a group, and numbers as sentences say them.

import type { PlanKind, PlanRowView, RunGroup, RunRowView, RunState, RunView } from "../bindings/types";
import { m } from "../paraglide/messages.js";
import type { Sign } from "./status";
import { count } from "./time";

export const RUN_SIGNS: Record<RunState, Sign> = {
  fetching: { word: m.runs_state_fetching, icon: "ring", tone: "idle" },
  planned: { word: m.runs_state_planned, icon: "file", tone: "idle" },
  held: { word: m.runs_state_held, icon: "hand", tone: "warn" },
  applied: { word: m.runs_state_applied, icon: "checkCircle", tone: "ok" },
  undone: { word: m.runs_state_undone, icon: "undo", tone: "idle" },
  partly_undone: { word: m.runs_state_partly_undone, icon: "undo", tone: "idle" },
  failed: { word: m.runs_state_failed, icon: "octagon", tone: "bad" },
  cancelled: { word: m.runs_state_cancelled, icon: "paused", tone: "idle" },
  interrupted: { word: m.runs_state_interrupted, icon: "triangle", tone: "warn" },
  superseded: { word: m.runs_state_superseded, icon: "archive", tone: "idle" },
};

/** The federation's own trouble is not red: nobody here can mend it. */
export function runSign(run: Pick<RunView, "state" | "class">): Sign {
  const sign = RUN_SIGNS[run.state];
  const waits = run.class === "rate_limited" || run.class === "federation_down" || run.class === "offline";
  return run.state === "failed" && waits ? { ...sign, icon: "hourglass", tone: "idle" } : sign;
}

export const RUN_GROUPS: Record<RunGroup, () => string> = {
  needs_you: m.runs_group_needs_you,
  running: m.runs_group_running,
  ready: m.runs_group_ready,
  applied: m.runs_group_applied,
  undone: m.runs_group_undone,
  failed: m.runs_group_failed,
  stopped: m.runs_group_stopped,
  replaced: m.runs_group_replaced,
};

/** Groups that are offered even where there is none of them. */
export const ALWAYS: RunGroup[] = ["needs_you", "applied", "failed"];

/** Members that a plan changes. */
export function changes(run: Pick<RunView, "counts">): number {
  return run.counts.creates + run.counts.updates + run.counts.leavers;
}

/** `9 changes, 2 conflicts`. */
export function changesInWords(run: Pick<RunView, "counts">): string {
  const { conflicts, problems } = run.counts;
  const changed = changes(run);
  return [
    ...(changed > 0 ? [m.runs_changes({ count: changed, shown: count(changed) })] : []),
    ...(conflicts > 0 ? [m.runs_conflicts({ count: conflicts, shown: count(conflicts) })] : []),
    ...(problems > 0 ? [m.runs_problems({ count: problems, shown: count(problems) })] : []),
  ].join(", ") || m.runs_no_changes();
}

/** How long the list was read; null while it is. */
export function took(run: Pick<RunView, "started_at" | "ended_at">): string | null {
  if (run.ended_at === null) return null;
  const ms = Math.max(0, run.ended_at - run.started_at);
  if (ms < 1000) return m.runs_took_ms({ time: count(ms) });
  if (ms < 60_000) return m.runs_took_seconds({ time: count(Math.round(ms / 100) / 10) });
  return m.runs_took_minutes({ minutes: count(Math.floor(ms / 60_000)), seconds: count(Math.floor((ms % 60_000) / 1000)) });
}

export function whoAsked(run: Pick<RunView, "asked_by">): string {
  return run.asked_by === "person" ? m.runs_by_person() : m.runs_by_schedule();
}

/** The title of a run's page. */
export function runTitle({ run, club_name: club }: Pick<RunRowView, "run" | "club_name">): string {
  const number = changes(run);
  const said = { count: number, shown: count(number), club };
  switch (run.state) {
    case "fetching": return m.runs_title_fetching({ club });
    case "planned": return m.runs_title_planned({ club });
    case "held": return m.runs_title_held({ club });
    case "applied": return number === 0 ? m.runs_title_none({ club }) : m.runs_title_applied(said);
    case "undone": return m.runs_title_undone(said);
    case "partly_undone": return m.runs_title_partly(said);
    case "failed": return m.runs_title_failed({ club });
    case "cancelled": return m.runs_title_cancelled({ club });
    case "interrupted": return m.runs_title_interrupted({ club });
    case "superseded": return m.runs_title_superseded({ club });
  }
}

/** What is wrong with a record, as a sentence. */
export function problemSentence(row: Pick<PlanRowView, "problem" | "unmatched">): string {
  if (row.problem) {
    const field = row.problem.field.replaceAll("_", " ");
    return row.problem.kind === "missing" ? m.runs_problem_missing({ field }) : m.runs_problem_unreadable({ field });
  }
  return row.unmatched === "duplicate_id" ? m.runs_problem_duplicate() : m.runs_problem_unmatched();
}

/** What a plan does to a member. */
export const PLAN_SIGNS: Record<PlanKind, Sign> = {
  create: { word: m.runs_count_new, icon: "plusCircle", tone: "idle" },
  update: { word: m.runs_count_changed, icon: "change", tone: "idle" },
  conflict: { word: m.runs_count_conflicts, icon: "fork", tone: "idle" },
  leaver: { word: m.runs_count_leavers, icon: "leave", tone: "idle" },
  problem: { word: m.runs_count_problems, icon: "triangle", tone: "warn" },
  unchanged: { word: m.runs_count_unchanged, icon: "equals", tone: "idle" },
};
