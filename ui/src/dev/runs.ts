// Invented runs for development without the shell. Never part of a production build.

import type { PlanRowView, RunGroup, RunListRequest, RunListView, RunRowView, RunState, RunView, UndoMemberView } from "../bindings/types";

const MINUTE = 60_000;
const DAY = 86_400_000;
const CLUBS = ["Ardmore Emmets", "Baile Uí Dhuibh", "Carrickdemo Camogie Club", "Dunexample Harps", "Kilsample Rovers"];
const STATES: RunState[] = ["held", "applied", "failed", "planned", "applied", "interrupted", "undone", "applied", "superseded", "partly_undone", "cancelled", "applied"];
const GROUPS: Record<RunState, RunGroup> = {
  fetching: "running", planned: "ready", held: "needs_you", applied: "applied", undone: "undone", partly_undone: "undone", failed: "failed", cancelled: "stopped", interrupted: "failed", superseded: "replaced",
};
const FIRST = ["Nuala", "Cillian", "Gráinne", "Dara", "Orla"];

function invented(place: number): RunRowView {
  const state = STATES[place % STATES.length] ?? "applied";
  const started = Date.now() - (place + 1) * 7 * 3_600_000;
  const made = !["failed", "interrupted", "cancelled", "fetching"].includes(state);
  const applied = ["applied", "undone", "partly_undone"].includes(state);
  const scheduled = place % 3 === 0;
  const club = CLUBS[place % CLUBS.length] ?? "";
  const run: RunView = {
    run_id: `0191-run-${place}`,
    connection_id: `0191-connection-${place % 5}`,
    source: "sync",
    asked_by: scheduled ? "schedule" : "person",
    state,
    started_at: started,
    ended_at: state === "fetching" ? null : started + 4_100 + place * 900,
    fetched: made ? 272 + place : 88,
    page: 3,
    erased: place % 4 === 1 ? 1 : 0,
    counts: made ? { creates: 9, updates: place % 4 === 1 ? 27 : place, unchanged: 228, conflicts: place % 2, leavers: state === "held" ? 61 : 0, problems: 2 } : { creates: 0, updates: 0, unchanged: 0, conflicts: 0, leavers: 0, problems: 0 },
    hash: made ? "5f0c".repeat(16) : null,
    held: state === "held" ? [{ guard: "too_many_leavers", detail: "61 of 272 members are no longer in the list. Nobody is marked as a leaver until you allow it." }] : [],
    template: "practice",
    template_version: 3,
    class: state === "failed" ? "not_found" : null,
    finding: state === "failed" ? "not_found" : null,
    message: state === "failed" ? "invented: 404" : state === "interrupted" ? "The app ended while the list was being read. Nothing was changed." : null,
    applied_at: applied ? started + MINUTE : null,
    undone_at: state === "undone" || state === "partly_undone" ? started + 9 * MINUTE : null,
  };
  return {
    run,
    group: state === "planned" && scheduled ? "needs_you" : GROUPS[state],
    code: "gaa_foireann",
    connector_name: "GAA Foireann",
    org: club.toLowerCase().replaceAll(" ", "-"),
    club_name: club,
    connected: place % 7 !== 6,
    held_by_undo: state === "undone",
    undo_until: state === "applied" || state === "partly_undone" ? started + 30 * DAY : null,
  };
}

let runs = Array.from({ length: new URLSearchParams(location.search).has("noruns") ? 0 : 230 }, (_, place) => invented(place));
const began = Date.now() - 30_000;
/** One that goes on, unless all is well. */
const going = new URLSearchParams(location.search);
if (runs.length > 0 && going.get("health") !== "well") {
  const like = invented(6);
  runs = [{ ...like, group: "running", code: "gaa_foireann", org: "abbeyfinn-handball", club_name: "Abbeyfinn Handball", connected: true, held_by_undo: false, undo_until: null, run: { ...like.run, run_id: "0191-run-going", state: "fetching", started_at: began, ended_at: null, counts: { creates: 0, updates: 0, unchanged: 0, conflicts: 0, leavers: 0, problems: 0 }, held: [], hash: null, message: null, applied_at: null, undone_at: null, asked_by: "schedule" } }, ...runs];
}
const find = (id: string) => runs.find((row) => row.run.run_id === id);

function listRuns(request: RunListRequest): RunListView {
  runs = runs.map((row) => (row.run.state === "fetching" ? { ...row, run: { ...row.run, fetched: Math.floor((Date.now() - began) / 100) } } : row));
  const asked = runs.filter((row) => (request.org === undefined || row.org === request.org) && (request.code === undefined || row.code === request.code) && (request.asked_by === undefined || row.run.asked_by === request.asked_by));
  const all: RunGroup[] = ["needs_you", "running", "ready", "applied", "undone", "failed", "stopped", "replaced"];
  const found = asked.filter((row) => request.group === undefined || row.group === request.group);
  if (request.oldest_first) found.reverse();
  return {
    rows: found.slice(request.offset, request.offset + (request.limit ?? 100)),
    total: found.length,
    groups: all.map((group) => ({ group, count: asked.filter((row) => row.group === group).length })),
  };
}

const members = (): UndoMemberView[] =>
  FIRST.map((first, place) => ({ member_id: `0191-member-${place}`, name: `${first} de Sampla`, external_id: `SW-${20_900 + place}`, kind: place < 2 ? "create" : "update", undone: false, can: place !== 3 }));
const problems = (): PlanRowView[] =>
  [88, 203].map((number, place) => ({
    number, kind: "problem", member_id: null, member: { external_id: `SW-20${number}` }, fields: [], confidence: null,
    problem: place === 0 ? { field: "last_name", kind: "missing" } : null, unmatched: place === 0 ? null : "duplicate_id", warnings: [],
  }));

/** Stops the one that goes on, a little later, as the real one ends its page first. */
export async function stopRun(org: string, changed: () => void): Promise<null> {
  await new Promise((resolve) => setTimeout(resolve, 800));
  runs = runs.map((row) => (row.org === org && row.run.state === "fetching" ? { ...row, group: "stopped", run: { ...row.run, state: "cancelled", ended_at: Date.now() } } : row));
  changed();
  return null;
}

/** The commands about runs; `changed` tells the window that runs have changed. */
export function runCommands(changed: () => void, refuse: (code: "not_found") => never) {
  const change = (row: RunRowView): RunRowView => {
    runs = runs.map((other) => (other.run.run_id === row.run.run_id ? row : other));
    changed();
    return row;
  };
  const release = (org: string) => {
    runs = runs.map((row) => (row.org === org ? { ...row, held_by_undo: false } : row));
    changed();
  };
  return {
    sync_runs: ({ request }: { request: RunListRequest }) => listRuns(request),
    sync_run_row: ({ run }: { run: string }) => {
      const held_by_undo = new URLSearchParams(location.search).get("plan") === "undone";
      return find(run) ?? (run === "invented-run" ? { ...invented(1), held_by_undo } : refuse("not_found"));
    },
    sync_plan: ({ kind }: { kind: string }) => ({ rows: kind === "problem" ? problems() : [], next: null }),
    sync_safe_plans: () => {
      const waiting = runs.filter((row) => row.run.state === "planned" || row.run.state === "held").slice(0, 6);
      return { safe: waiting.filter((row) => row.run.state === "planned").map((row) => ({ ...row, run: { ...row.run, counts: { ...row.run.counts, conflicts: 0, problems: 0 } } })), others: waiting.filter((row) => row.run.state === "held") };
    },
    sync_preview: async ({ org }: { org: string }) => {
      await new Promise((resolve) => setTimeout(resolve, 500 + 400 * (org.length % 4)));
      if (org.startsWith("carrick")) refuse("not_found");
      return (runs.find((row) => row.run.state === (org.length % 3 === 0 ? "held" : "planned")) ?? refuse("not_found")).run;
    },
    sync_apply: async ({ request: { run } }: { request: { run: string } }) => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      const row = find(run) ?? refuse("not_found");
      return change({ ...row, group: "applied", undo_until: Date.now() + 30 * DAY, run: { ...row.run, state: "applied", applied_at: Date.now() } }).run;
    },
    sync_undo_outlook: () => ({ can: 35, edited_later: members().filter((one) => !one.can), edited_later_count: 1, until: Date.now() + 20 * DAY }),
    sync_undo_members: () => ({ rows: members(), next: null }),
    sync_undo: ({ run, members: chosen }: { run: string; members?: string[] }) => {
      const row = find(run) ?? refuse("not_found");
      const done = change({ ...row, held_by_undo: true, group: "undone", undo_until: null, run: { ...row.run, state: chosen ? "partly_undone" : "undone", undone_at: Date.now() } });
      return { run: done.run, undone: chosen?.length ?? 35, edited_later: chosen ? [] : ["0191-member-3"] };
    },
    sync_apply_again: ({ org }: { org: string }) => (release(org), null),
    sync_keep_mine: ({ org }: { org: string }) => (release(org), { kept: 26, kept_out: 9 }),
    sync_run_summary_save: () => "/home/aoife/Downloads/sync-summary.html",
  };
}
