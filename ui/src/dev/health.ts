// Invented health for development without the shell: checks, response times, errors, Home. Never part of a production build.
// `?health=well` has nothing that needs anybody, `?health=none` nothing that was ever checked.

import type {
  AttentionView, BeatView, BulkConnectorView, CheckSetRequest, CheckSettingsView, ConnectorView, ErrorEntryView, ErrorListRequest, FailureClass, Finding, HealthAction, HealthDetailView, HealthExportRequest, HealthFilter,
  HealthState, HealthView, HomeView, ResponsePointView,
} from "../bindings/types";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const query = new URLSearchParams(location.search);
const mood = query.get("health") ?? "";

function number(code: string): number {
  return [...code].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9973, 7);
}

function why(view: ConnectorView): { class: FailureClass | null; finding: Finding | null; action: HealthAction | null } {
  switch (stateOf(view)) {
    case "action_needed": return view.auth_kind === "oauth2" ? { class: "bad_configuration", finding: "client_refused", action: "open_settings" } : { class: "bad_credentials", finding: "unauthorised", action: "replace_key" };
    case "sign_in_again": return { class: "needs_sign_in", finding: "sign_in_ended", action: "sign_in" };
    case "waiting_for_federation": return { class: "federation_down", finding: "server_error", action: null };
    case "rate_limited": return { class: "rate_limited", finding: "rate_limited", action: null };
    case "expiring": return { class: null, finding: null, action: "replace_key" };
    case "paused": return { class: null, finding: null, action: "resume" };
    case "not_tested": return { class: null, finding: null, action: "check" };
    default: return { class: null, finding: null, action: null };
  }
}

function stateOf(view: ConnectorView): HealthState {
  if (mood === "well" && view.state !== "paused" && view.state !== "not_tested") return "healthy";
  if (view.code === "archery_easyverein") return "expiring";
  return view.state;
}

function beatsOf(view: ConnectorView): BeatView[] {
  const state = stateOf(view);
  if (mood === "none" || state === "not_tested" || view.code === "gaa_foireann") return [];
  const seed = number(view.code);
  const total = view.code === "practice" ? 28 : 90;
  const bad = state === "action_needed" ? 6 : state === "sign_in_again" ? 5 : state === "waiting_for_federation" ? 8 : 0;
  const slow = state === "rate_limited" ? 6 : 0;
  const now = Math.floor(Date.now() / MINUTE) * MINUTE;
  return Array.from({ length: total }, (_, index): BeatView => {
    const back = total - 1 - index;
    const at = now - 2 * MINUTE - back * HOUR;
    const { finding } = why(view);
    if (back < bad) return { at, outcome: "failed", ms: finding === "server_error" ? 1204 : 143, http_status: finding === "server_error" ? 503 : 401, finding, by_traffic: false };
    if (back < slow || (index + seed) % 47 === 3) return { at, outcome: "slow", ms: 5400, http_status: 200, finding: null, by_traffic: false };
    if ((index + seed) % 83 === 9) return { at, outcome: "failed", ms: null, http_status: null, finding: "answer_timeout", by_traffic: false };
    if (view.code === "orienteering_eventor" && index > 30 && index < 37) return { at, outcome: "offline", ms: null, http_status: null, finding: "offline", by_traffic: false };
    return { at, outcome: "answered", ms: 120 + ((seed + index * 7) % 180), http_status: 200, finding: null, by_traffic: index % 5 === 2 };
  });
}

function healthOf(view: ConnectorView): HealthView {
  const state = stateOf(view);
  const beats = beatsOf(view);
  const known = beats.length > 0;
  const failed = beats.filter((beat) => beat.outcome === "failed").length;
  const now = Date.now();
  return {
    code: view.code,
    name: view.name,
    status: view.status,
    state,
    since: now - 4 * DAY,
    ...why(view),
    uptime_24h: known ? 100 - failed * 4 : null,
    uptime_7d: known ? 100 - failed * 0.9 : null,
    uptime_30d: known ? 100 - failed * 0.98 : null,
    uptime_1y: known ? 100 - failed * 0.2 : null,
    error_rate_24h: known ? failed * 4 : null,
    p50_ms: known ? 80 + (number(view.code) % 200) : null,
    p95_ms: known ? 160 + (number(view.code) % 500) * (state === "waiting_for_federation" ? 4 : 1) : null,
    consecutive_failures: state === "action_needed" || state === "sign_in_again" ? 5 : 0,
    last_success_at: known ? now - (failed > 3 ? 4 * DAY : 2 * MINUTE) : null,
    last_error_at: failed > 0 ? now - 2 * MINUTE : null,
    last_sync_at: view.last_sync_at,
    last_check_at: known ? now - 2 * MINUTE : null,
    next_try_at: state === "rate_limited" || state === "waiting_for_federation" ? now + 14 * MINUTE : null,
    expires_at: state === "expiring" ? now + 8.6 * DAY : null,
    clubs: view.clubs,
  };
}

function points(step: number, many: number, seed: number): ResponsePointView[] {
  const start = Math.floor(Date.now() / step) * step - (many - 1) * step;
  return Array.from({ length: many }, (_, index) => {
    const hill = Math.max(0, 1 - Math.abs(index - many * 0.7) / 3) * 440;
    const quiet = mood === "none" || (seed % 3 === 1 && index > 4 && index < 7);
    const ms = Math.round(320 + ((seed + index * 37) % 60) + hill);
    return { at: start + index * step, p50_ms: quiet ? null : Math.round(ms / 2), p95_ms: quiet ? null : ms, attempts: quiet ? 0 : 40 + index, failed: quiet ? 0 : index % 9 === 4 ? 2 : 0 };
  });
}

function errorsOf(connectors: ConnectorView[]): ErrorEntryView[] {
  if (mood === "well" || mood === "none") return [];
  const kinds: [FailureClass, Finding, number | null, string][] = [
    ["federation_down", "server_error", 503, "The federation has a fault of its own"],
    ["rate_limited", "rate_limited", 429, "The federation asked to wait"],
    ["bad_credentials", "unauthorised", 401, "The federation refused the credentials"],
    ["needs_sign_in", "sign_in_ended", 400, "The sign-in has ended"],
    ["bad_answer", "html_instead_of_json", 200, "A web page came instead of data"],
    ["not_found", "not_found", 404, "The federation knows no club with this id"],
  ];
  const failing = ["athletics_wildapricot", "cricket_playcricket", "badminton_helloclub", "basketball_teamsnap", "athletics_wildapricot", "gaa_foireann"]
    .flatMap((code) => connectors.filter((view) => view.code === code && view.deleted_at === null));
  if (failing.length === 0) return [];
  return Array.from({ length: 137 }, (_, index): ErrorEntryView => {
    const place = index % kinds.length;
    const view = failing[place % failing.length] ?? failing[0]!;
    const [cls, finding, http_status, sentence] = kinds[place] ?? kinds[0]!;
    const clubs = index % 3 === 1 || cls === "not_found";
    return {
      id: `0190-error-${index}`,
      code: view.code,
      name: view.name,
      at: Date.now() - 6 * MINUTE - index * (index < 5 ? 3 * HOUR : 9 * HOUR),
      class: cls,
      finding,
      http_status,
      endpoint: cls === "needs_sign_in" ? null : "/v1/clubs/{federation_org_id}/members",
      source: cls === "needs_sign_in" ? "sign_in" : clubs ? "sync" : (["check", "request", "test"] as const)[index % 3] ?? "check",
      org: clubs ? "kilsample" : null,
      club: clubs ? "Kilsample Athletic Club" : null,
      run_id: clubs ? "run-1" : null,
      sentence,
      cleared_at: null,
    };
  });
}

function attentionOf(connectors: ConnectorView[]): AttentionView[] {
  if (mood === "well" || mood === "none") return [];
  const nothing = { org: null, club: null, plan_id: null, guard: null, members_before: null, members_now: null, conflicts: null, missed: null, expires_at: null };
  const items = connectors.flatMap((view): AttentionView[] => {
    const state = stateOf(view);
    const { action, ...rest } = why(view);
    if ((state !== "action_needed" && state !== "sign_in_again") || action === null) return [];
    return [{ ...nothing, ...rest, kind: "connector", state, code: view.code, name: view.name, since: Date.now() - 4 * DAY, clubs: view.clubs, lists_from: view.last_sync_at, action }];
  });
  const held = connectors.find((view) => view.code === "gaa_foireann");
  if (held) items.push({ ...nothing, kind: "guard", state: "held", code: held.code, name: held.name, org: "ballyfinch", club: "Ballyfinch GAA", since: Date.now() - 8 * HOUR, class: null, finding: null, clubs: 1, lists_from: null, plan_id: "run-1", guard: "too_many_leavers", members_before: 412, members_now: 272, action: "review_plan" });
  if (query.has("manythings")) {
    const of = (kind: AttentionView["kind"], more: Partial<AttentionView>): AttentionView => ({ ...nothing, kind, state: "held", code: "gaa_foireann", name: "Gaelic games", org: `club ${kind} ${more.guard ?? ""}`, club: "Tullybeg", since: null, class: null, finding: null, clubs: 1, lists_from: null, plan_id: "run-1", action: "review_plan", ...more });
    for (const guard of ["empty_list", "page_anomaly", "total_mismatch", "incomplete_list"]) items.push(of("guard", { guard }));
    items.push(of("undone", {}), of("conflicts", { conflicts: 3 }), of("plan", {}), of("club_failing", { state: "action_needed", finding: "not_found", class: "not_found", action: "retry" }), of("missed_runs", { missed: 4, action: "retry" }));
    items.push(of("expiring", { state: "expiring", org: null, club: null, expires_at: Date.now() + 9 * DAY, action: "replace_key" }));
  }
  return items;
}

const ORDER: HealthState[] = ["action_needed", "sign_in_again", "waiting_for_browser", "held", "expiring", "rate_limited", "waiting_for_federation", "offline", "syncing", "healthy", "not_tested", "never_synced", "paused"];

function homeOf(all: ConnectorView[]): HomeView {
  const connectors = all.filter((view) => view.deleted_at === null);
  const attention = attentionOf(connectors);
  const errors = errorsOf(connectors);
  const clubs = connectors.reduce((sum, view) => sum + view.clubs, 0);
  const now = Date.now();
  const rows = connectors
    .map((view) => ({ ...healthOf(view), beats: beatsOf(view), by_file: view.code === "gaa_foireann" }))
    .sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || a.name.localeCompare(b.name))
    .slice(0, 50);
  const midnight = Math.floor(now / DAY) * DAY + DAY;
  const hours = points(HOUR, 24, 0);
  return {
    clubs_all: clubs,
    clubs_up_to_date: attention.length === 0 ? clubs : Math.max(0, clubs - 5),
    connectors_all: connectors.length,
    connectors_healthy: rows.filter((row) => row.state === "healthy").length,
    needs_you: attention.length,
    attention,
    connectors: rows,
    syncing: mood === "well" || clubs === 0 ? [] : ["Abbeyfinn Handball"],
    hours,
    p95_ms: hours.at(-1)?.p95_ms ?? null,
    next_runs: clubs === 0 ? [] : [
      { at: now + 14 * MINUTE, kind: "limit_ends", code: "cricket_playcricket", name: "Cricket", org: null, club: null },
      { at: now + 30 * MINUTE, kind: "retry", code: "athletics_wildapricot", name: "Athletics", org: "kilsample", club: "Kilsample Athletic Club" },
      { at: midnight + 2 * HOUR, kind: "schedule", code: "orienteering_eventor", name: "Orienteering", org: null, club: null },
      { at: midnight + 2 * HOUR + 10 * MINUTE, kind: "probe", code: "cricket_playcricket", name: "Cricket", org: null, club: null },
      { at: midnight + DAY + 3 * HOUR, kind: "schedule", code: "archery_easyverein", name: "Archery", org: null, club: null },
    ],
    recent_errors: errors.slice(0, 5),
    errors_7d: Math.min(errors.length, 23),
    checked_at: mood === "none" ? null : now - 2 * MINUTE - 10_000,
  };
}

function fits(view: ConnectorView, filter: HealthFilter): boolean {
  if (view.deleted_at !== null) return false;
  const state = healthOf(view);
  return (filter.codes === undefined || filter.codes.includes(view.code)) && (filter.preset === undefined || view.preset === filter.preset) && (filter.class === undefined || state.class === filter.class)
    && (filter.state === undefined || state.state === filter.state);
}

let checking: CheckSettingsView = { every: "hour", inherited: false, next_at: Date.now() + 40 * MINUTE, network: null };

/** The commands, over whatever connectors there are now. `change` puts a connector back and tells the window. */
export function healthCommands(all: () => ConnectorView[], change: (view: ConnectorView) => void, missing: () => never) {
  const find = (code: string) => all().find((view) => view.code === code) ?? missing();
  const bulk = async (filter: HealthFilter, act: (view: ConnectorView) => boolean): Promise<BulkConnectorView[]> => {
    await new Promise((done) => setTimeout(done, 700));
    return all().filter((view) => fits(view, filter)).map((view) => {
      const problem = view.code === "chess_client" ? "The sign-in has to be set up before it can be checked." : null;
      const done = problem === null && act(view);
      return { code: view.code, name: view.name, done, state: healthOf(find(view.code)).state, class: problem === null ? null : "needs_sign_in", problem };
    });
  };
  const status = (view: ConnectorView, next: ConnectorView["status"]) => {
    if (view.status === next) return false;
    change({ ...view, status: next, state: next === "inactive" ? "paused" : "healthy" });
    return true;
  };
  return {
    home_show: () => homeOf(all()),
    health_list: ({ filter }: { filter: HealthFilter }) => all().filter((view) => fits(view, filter)).map(healthOf),
    health_show: ({ code }: { code: string }): HealthDetailView => {
      const view = find(code);
      const seed = number(code);
      const none = beatsOf(view).length === 0;
      const blank = (list: ResponsePointView[]) => (none ? list.map((point) => ({ ...point, p50_ms: null, p95_ms: null, attempts: 0, failed: 0 })) : list);
      return { ...healthOf(view), beats: beatsOf(view), hours: blank(points(HOUR, 24, seed)), days: blank(points(DAY, 30, seed)) };
    },
    error_list: ({ request }: { request: ErrorListRequest }) => {
      const found = errorsOf(all()).filter((entry) => (request.code === undefined || entry.code === request.code) && (request.class === undefined || entry.class === request.class));
      const from = Number(request.after ?? 0);
      const to = from + request.limit;
      return { rows: found.slice(from, to), next: to < found.length ? String(to) : null, found: found.length, more: false };
    },
    error_clear: ({ code }: { code: string }) => {
      const view = find(code);
      change({ ...view, state: "healthy", status: "active" });
      return healthOf(find(code));
    },
    failure_text: ({ code }: { code: string }) => `Connector ${find(code).name} (${code})\nSince: 19 November 2026 02:00\nWhat: the federation refused the key (HTTP 401)\nWhat the club can do: replace the key.\n`,
    health_export_look: ({ request }: { request: HealthExportRequest }) => ({ connectors: all().filter((view) => fits(view, request.filter ?? {})).length, columns: ["code", "name", "status", "state", "since", "uptime_30d"] }),
    health_export_save: ({ request }: { request: HealthExportRequest }) => `/home/aoife/Downloads/health.${request.format}`,
    check_settings: () => checking,
    check_set: ({ request }: { request: CheckSetRequest }) => (checking = { ...checking, every: request.every ?? "hour", next_at: request.every === "off" ? null : Date.now() + 40 * MINUTE }),
    check_all: ({ filter }: { filter: HealthFilter }) => bulk(filter, () => true),
    bulk_pause: ({ filter }: { filter: HealthFilter }) => bulk(filter, (view) => status(view, "inactive")),
    bulk_resume: ({ filter }: { filter: HealthFilter }) => bulk(filter, (view) => status(view, "active")),
    bulk_clear_errors: ({ filter }: { filter: HealthFilter }) => bulk(filter, (view) => {
      if (view.state !== "action_needed" && view.state !== "sign_in_again") return false;
      change({ ...view, state: "healthy", status: "active" });
      return true;
    }),
  };
}
