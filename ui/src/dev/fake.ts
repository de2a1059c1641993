// An invented product that answers in development without the shell. `?scene=` chooses a state, `?rows=` a
// number of connectors, `?long` makes every name longer, `?signin=hold` leaves a sign-in waiting and
// `?signin=<finding>` ends it so. Loaded only where `import.meta.env.DEV` holds.

import type {
  AppSettings, ClubConnectRequest, ClubListRequest, ConnectorListRequest, ConnectorSettings, ConnectorView, CountsView, ErrorView, Event, FieldError, HealthState,
  Finding, InitialiseRequest, KeyStatusView, LockReason, SignInRequest, SignInStepView, StatusView, TestStepView,
} from "../bindings/types";
import { connectClub, disconnectClub, federationName, listClubs, takenFields } from "./clubs";
import * as memberFiles from "./files";
import { eraseCommands } from "./erase";
import { healthCommands } from "./health";
import { choiceCommands } from "./choices";
import { syncCommands } from "./sync";
import { diagnosticsCommands } from "./diagnostics";
import { runCommands, stopRun } from "./runs";
import { scheduleCommands } from "./schedule";
import { auditCommands } from "./audit";
import { templateCommands } from "./templates";
import { editMember, searchMembers, showMember, traceMember } from "./members";
import { CONNECTORS, connectorView, DAY, HOUR, NOW, PRESETS, report, settings as settingsFor, signInOf, steps } from "./data";

const query = new URLSearchParams(location.search);
const scene = query.get("scene") ?? "open";
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const refuse = (code: ErrorView["code"], detail?: ErrorView["detail"]): never => {
  throw { code, message: `invented: ${code}`, ...(detail ? { detail } : {}) } satisfies ErrorView;
};

let connectors: ConnectorView[] = scene === "empty" || scene === "first_run" || scene === "no_keychain" ? [] : CONNECTORS;
const wanted = Number(query.get("rows") ?? 0);
const states: HealthState[] = ["healthy", "healthy", "not_tested", "paused", "action_needed", "waiting_for_federation"];
for (let i = connectors.length; i < wanted; i += 1) {
  connectors = [...connectors, connectorView(`club_system_${i}`, `Club system ${i}`, states[i % states.length] ?? "healthy", { clubs: i % 7 })];
}
if (query.has("long")) connectors = connectors.map((view) => ({ ...view, name: `${view.name} of the united and associated counties of the west` }));

let state: "first_run" | "open" | "locked" | "refused" = scene === "first_run" || scene === "no_keychain" ? "first_run" : scene.startsWith("locked") ? "locked" : scene.startsWith("refused") ? "refused" : "open";
let reason: LockReason = scene === "locked_passphrase" ? "passphrase_needed" : scene === "locked_no_entry" ? "keychain_no_entry" : "keychain_locked";
let slots: KeyStatusView["slots"] = scene === "locked_passphrase" ? [{ kind: "passphrase", made_at: NOW - 90 * DAY }] : [{ kind: "keychain", made_at: NOW - 264 * DAY }];
if (scene === "locked_both") slots = [...slots, { kind: "passphrase", made_at: NOW - 90 * DAY }];
let appearance: AppSettings = {
  theme: (localStorage.getItem("appearance.theme") as AppSettings["theme"] | null) ?? "system",
  contrast: (localStorage.getItem("appearance.contrast") as AppSettings["contrast"] | null) ?? "system",
  notifications: true,
  quiet_from: null,
  quiet_until: null,
  background: false,
  autostart: false,
  view: (new URLSearchParams(location.search).get("view") as AppSettings["view"] | null) ?? "all",
  my_club: null,
};
let running = false;
let cancelled = false;
let term = 3;
const handlers = new Set<(event: Event) => void>();
const tell = (event: Event) => handlers.forEach((handler) => handler(event));

const group = (view: ConnectorView): keyof CountsView => {
  if (view.deleted_at !== null) return "deleted";
  if (view.state === "action_needed" || view.state === "sign_in_again") return "needs_you";
  if (view.state === "healthy" || view.state === "paused" || view.state === "not_tested") return view.state;
  return "waiting";
};
function counts(): CountsView {
  const all: CountsView = { all: 0, needs_you: 0, waiting: 0, healthy: 0, paused: 0, not_tested: 0, deleted: 0 };
  for (const view of connectors) {
    all[group(view)] += 1;
    if (view.deleted_at === null) all.all += 1;
  }
  return all;
}

function status(): StatusView {
  const shared = {
    version: "0.1.0",
    data_dir: "/home/aoife/.local/share/federation-connectors",
    file: state === "first_run" ? null : { name: "connectors.db", size: 38_200_000, changed_at: NOW - 9 * HOUR, last_backup_at: NOW - 9.5 * HOUR, schema_version: 1 },
    connectors: state === "open" ? counts() : null,
    paused_until: null,
  };
  if (state === "locked") return { ...shared, state, reason, slots: slots.map((slot) => slot.kind) };
  if (state === "refused") return { ...shared, state, code: scene === "refused_newer" ? "newer_schema" : scene === "refused_denied" ? "storage_denied" : "damaged", message: "invented: the data file cannot be opened" };
  return { ...shared, state };
}

function find(code: unknown): ConnectorView {
  return connectors.find((view) => view.code === code) ?? refuse("not_found");
}
function put(view: ConnectorView): ConnectorView {
  connectors = connectors.some((other) => other.code === view.code) ? connectors.map((other) => (other.code === view.code ? view : other)) : [...connectors, view];
  tell({ type: "connectors_changed" });
  return view;
}
function list(request: ConnectorListRequest) {
  const fold = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const found = connectors.filter((view) => {
    const inFilter = request.filter === "all" ? view.deleted_at === null : group(view) === request.filter;
    return inFilter && fold(`${view.name} ${view.code}`).includes(fold(request.search));
  });
  const order: HealthState[] = ["action_needed", "sign_in_again", "waiting_for_browser", "rate_limited", "waiting_for_federation", "offline", "healthy", "not_tested", "paused"];
  found.sort((a, b) => {
    if (request.sort === "last_sync") return (a.last_sync_at ?? 0) - (b.last_sync_at ?? 0);
    if (request.sort === "name") return a.name.localeCompare(b.name);
    return order.indexOf(a.state) - order.indexOf(b.state) || a.name.localeCompare(b.name);
  });
  if (request.descending) found.reverse();
  return { rows: found.slice(request.offset, request.offset + (request.limit ?? found.length)), total: found.length, counts: counts() };
}
function check(settings: ConnectorSettings, code?: string): FieldError[] {
  const errors: FieldError[] = [];
  const add = (field: string, rule: FieldError["rule"]) => errors.push({ field, rule, message: "invented" });
  if (settings.name === "") add("name", "required");
  if (settings.code === "") add("code", "required");
  else if (!/^[a-z0-9][a-z0-9_-]{1,63}$/.test(settings.code)) add("code", "pattern");
  const same = connectors.find((view) => view.code === settings.code && view.code !== code);
  if (same) add("code", same.deleted_at === null ? "taken" : "taken_by_deleted");
  const base = settings.endpoints.base;
  if (base === "") add("endpoints.base", "required");
  else if (/^http:\/\/(127\.|localhost)/.test(base)) {
    if (!settings.allow_http_loopback) add("endpoints.base", "http_loopback_switch");
  } else if (base.startsWith("http:")) add("endpoints.base", "not_https");
  else if (!base.startsWith("https://")) add("endpoints.base", "invalid_url");
  const { auth } = settings;
  if (auth.kind === "oauth2" && !auth.issuer) {
    if (!auth.token_endpoint) add("auth.token_endpoint", "required");
    if ((auth.grant ?? "authorization_code") === "authorization_code" && !auth.authorization_endpoint) add("auth.authorization_endpoint", "required");
  }
  if (auth.loopback_port !== undefined && (auth.loopback_port < 1024 || auth.loopback_port > 65_535)) add("auth.loopback_port", "out_of_range");
  if (auth.redirect_path !== undefined && !/^(\/[\w.~-]+)+$/.test(auth.redirect_path)) add("auth.redirect_path", "pattern");
  if ((auth.extra_parameters ?? {})["state"] !== undefined) add("auth.extra_parameters.state", "not_for_kind");
  if (auth.two_step?.url === "") add("auth.two_step.url", "required");
  if (auth.two_step?.token_path === "") add("auth.two_step.token_path", "required");
  if (settings.endpoints.membership_list === "") add("endpoints.membership_list", "required");
  if (settings.limits.requests_per_minute < 1 || settings.limits.requests_per_minute > 6000) add("limits.requests_per_minute", "out_of_range");
  return errors;
}
async function runTest(host: string, failing: string | undefined, onStep: (step: TestStepView) => void) {
  cancelled = false;
  const answer = report(host, failing);
  for (const step of steps(host, failing)) {
    await pause(scene === "slow" ? 2000 : 120);
    if (cancelled) return { ...answer, ok: false, class: "cancelled" as const, finding: "cancelled" as const };
    if (step.ok !== null) onStep(step);
  }
  return { ...answer, started_at: Date.now() };
}

/** Counts attempts; one that is not the last has been cancelled. */
let attempt = 0;
function signedOut(code: string, reason: Finding | null): ConnectorView {
  const view = find(code);
  return put({ ...view, state: "not_tested", sign_in: signInOf(view.settings, { reason }) });
}
async function fakeSignIn(request: SignInRequest, onStep: (step: SignInStepView) => void): Promise<ConnectorView> {
  attempt += 1;
  const mine = attempt;
  const view = find(request.code);
  const { auth } = view.settings;
  const outcome = query.get("signin") ?? "";
  const until = Date.now() + 10 * 60_000;
  const going = async (ms: number): Promise<void> => {
    await pause(ms);
    if (mine !== attempt) refuse("cancelled");
  };
  await going(300);
  const person = signInOf(view.settings)?.needs_person === true;
  if (person) {
    const redirect = request.redirect ?? auth.redirect ?? "deep-link";
    put({ ...view, state: "waiting_for_browser", sign_in: signInOf(view.settings, { state: "waiting", waiting_until: until, waiting_redirect: redirect }) });
    if (auth.grant === "device_code" || request.device) {
      onStep({ step: "device", user_code: "WDJB-MJHT", verification_uri: "https://login.federation.example/device", verification_uri_complete: null, expires_at: until });
    } else {
      const redirect_uri = redirect === "loopback" ? `http://127.0.0.1:49152/oauth/${view.code}` : `com.playerarc.connectors:/oauth/${view.code}`;
      onStep({ step: "browser", authorization_url: `https://login.federation.example/authorize?client_id=app&redirect_uri=${encodeURIComponent(redirect_uri)}&state=invented`, redirect_uri, redirect, expires_at: until });
    }
    for (let held = 0; outcome === "hold" || held < 6; held += 1) await going(1000);
  }
  onStep({ step: "exchanging" });
  await going(1200);
  if (outcome !== "" && outcome !== "hold") {
    signedOut(view.code, outcome as Finding);
    refuse(outcome === "sign_in_declined" ? "needs_sign_in" : "bad_configuration", { kind: "finding", finding: outcome as Finding, status: null });
  }
  const sign_in = signInOf(view.settings, { state: "signed_in", since: Date.now(), expires_at: Date.now() + HOUR, renews: true, scopes: auth.scopes });
  return put({ ...view, state: "not_tested", last_test: null, sign_in, events: [{ at: Date.now(), kind: "signed_in", detail: null }, ...view.events] });
}

// Arguments are taken as they come; the typed side is `ipc.ts`.
type Args = any;
const commands: Record<string, (args: Args) => unknown> = {
  app_status: () => status(),
  app_initialise: ({ request }: { request: InitialiseRequest }) => {
    if (scene === "no_keychain" && request.slot === "keychain") refuse("locked", { kind: "lock", reason: "keychain_absent" });
    state = "open";
    slots = [{ kind: request.slot, made_at: Date.now() }];
    return status();
  },
  app_unlock: ({ passphrase }: { passphrase?: string }) => {
    if (passphrase !== undefined && passphrase !== "correct horse battery") refuse("wrong_passphrase");
    state = "open";
    return status();
  },
  app_lock: () => {
    state = "locked";
    reason = "by_user";
    return status();
  },
  app_doctor: () => [
    { name: "keychain", ok: true, found: "Secret Service answers", fix: "" },
    { name: "data folder", ok: true, found: "Writable, 120 GB free", fix: "" },
    { name: "network", ok: null, found: "Nothing has been asked for yet", fix: "" },
    { name: "clock", ok: false, found: "3 minutes behind", fix: "Turn on automatic time in the system settings." },
  ],
  window_ready: () => null,
  app_quit: () => null,
  ...diagnosticsCommands,
  connector_list: ({ request }: { request: ConnectorListRequest }) => list(request),
  connector_show: ({ code }) => find(code),
  connector_check: ({ settings, code }) => check(settings, code),
  connector_add: ({ request }: { request: { settings: ConnectorSettings; test_handle?: string } }) => put(connectorView(request.settings.code, request.settings.name, request.test_handle ? "healthy" : "not_tested", { settings: request.settings, events: [] })),
  connector_edit: ({ request }: { request: { code: string; settings: ConnectorSettings } }) => put({ ...find(request.code), settings: request.settings, name: request.settings.name }),
  connector_set_status: ({ code, status: next }) => put({ ...find(code), status: next, state: next === "inactive" ? "paused" : "healthy" }),
  connector_remove: ({ code }) => put({ ...find(code), deleted_at: Date.now(), restorable_until: Date.now() + 30 * DAY }),
  connector_restore: ({ code }) => put({ ...find(code), deleted_at: null, restorable_until: null }),
  connector_purge: ({ code }) => {
    connectors = connectors.filter((view) => view.code !== code);
    tell({ type: "connectors_changed" });
    return null;
  },
  connector_clone: ({ code, newCode }) => {
    if (connectors.some((view) => view.code === newCode)) refuse("duplicate", { kind: "fields", fields: [{ field: "code", rule: "taken", message: "invented" }] });
    return put({ ...find(code), code: newCode, state: "not_tested" });
  },
  connector_export_save: () => "/home/aoife/Downloads/connectors.toml",
  connector_import: ({ text }: { text: string }) => {
    if (!text.includes("[")) refuse("bad_file", { kind: "file", path: "pasted" });
    return { created: ["tennis_rest"], updated: ["rowing_rest"], unchanged: ["gaa_foireann", "practice"], refused: [{ code: "GAA Foireann!", fields: [{ field: "code", rule: "pattern", message: "invented" }] }] };
  },
  connector_test: async ({ code, onStep }) => {
    const view = find(code);
    const answer = await runTest(new URL(view.settings.endpoints.base).host, view.state === "action_needed" ? "auth" : undefined, onStep);
    put({ ...view, last_test: answer, last_test_at: Date.now(), state: answer.ok ? "healthy" : view.state });
    return answer;
  },
  connector_test_draft: async ({ request, onStep }: { request: { settings: ConnectorSettings; credentials?: { api_key?: string } }; onStep: (step: TestStepView) => void }) => ({
    report: await runTest(new URL(request.settings.endpoints.base).host, request.credentials?.api_key === "wrong" ? "auth" : undefined, onStep),
    test_handle: "handle",
  }),
  test_cancel: () => {
    cancelled = true;
    return null;
  },
  credentials_set: async ({ request }: { request: { code: string; credentials: { api_key?: string }; test_first: boolean } }) => {
    await pause(400);
    if (request.credentials.api_key === "wrong") refuse("bad_credentials", { kind: "finding", finding: "unauthorised", status: 401 });
    const view = find(request.code);
    return put({ ...view, credentials: { ...view.credentials, set: true, stored_at: Date.now(), previous_kept: !request.test_first } });
  },
  sign_in_start: ({ request, onStep }: { request: SignInRequest; onStep: (step: SignInStepView) => void }) => fakeSignIn(request, onStep),
  sign_in_open_browser: () => (query.has("nobrowser") ? refuse("not_found") : null),
  sign_in_paste: () => refuse("invalid"),
  sign_in_cancel: ({ code }) => {
    attempt += 1;
    return signedOut(code, null);
  },
  sign_out: async ({ code }) => {
    await pause(300);
    const revocation = query.get("revocation") ?? "revoked";
    return { revocation, finding: revocation === "failed" ? "server_error" : null, connector: signedOut(code, null) };
  },
  sign_in_discover: async ({ request }: { request: { issuer: string } }) => {
    await pause(400);
    if (request.issuer.includes("wrong")) refuse("bad_configuration", { kind: "finding", finding: "issuer_mismatch", status: 200 });
    return {
      issuer: request.issuer,
      authorization_endpoint: `${request.issuer}/authorize`,
      token_endpoint: `${request.issuer}/token`,
      revocation_endpoint: `${request.issuer}/revoke`,
      device_authorization_endpoint: "https://devices.example/start",
      scopes_supported: ["openid", "members.read", "clubs.read", "offline_access"],
      pkce: request.issuer.includes("old") ? "other" : "s256",
      other_hosts: ["devices.example"],
    };
  },
  credentials_revert: ({ code }) => put({ ...find(code), credentials: { ...find(code).credentials, previous_kept: false } }),
  catalogue_list: () => ({ presets: PRESETS, problems: query.has("badpreset") ? [{ file: "county.toml", key: "needs", message: "county.toml, line 8: unknown field `neeeds`" }] : [] }),
  import_look: ({ request }) => memberFiles.look(request),
  import_plan: async ({ request, onStep }) => {
    const looked = memberFiles.look(request);
    if (looked.is_foreign) refuse("bad_file");
    for (let part = 1; part <= 20; part += 1) {
      await new Promise((done) => setTimeout(done, 400));
      onStep({ fetched: Math.round((looked.rows * part) / 20), page: 1, expected: looked.rows });
    }
    return { run_id: "run-1" };
  },
  import_outcome: () => memberFiles.outcome,
  member_export_look: ({ request }) => memberFiles.exportLook(request),
  member_export_save: () => "/home/aoife/Downloads/members-kilsample.csv",
  ...templateCommands,
  org_list: ({ request }: { request: ClubListRequest }) => listClubs(connectors, request),
  org_look_up: async ({ federationOrg }) => {
    await pause(400);
    return { offered: true, name: federationName(federationOrg) ?? refuse("not_found") };
  },
  org_connect: ({ request }: { request: ClubConnectRequest }) => {
    const taken = takenFields(connectors, request);
    if (taken.length > 0) refuse("duplicate", { kind: "fields", fields: taken.map((field) => ({ field, rule: "already_connected", message: "invented" })) });
    const made = connectClub(connectors, find(request.code), request);
    tell({ type: "connectors_changed" });
    return made;
  },
  org_disconnect: ({ code, org }) => {
    const ended = disconnectClub(connectors, code, org) ?? refuse("not_found");
    tell({ type: "connectors_changed" });
    return ended;
  },
  org_import: ({ text }: { text: string }) => {
    const lines = text.split("\n").filter((line) => line.trim() !== "").map((line, index) => {
      const [org = "", name = "", federation_org = ""] = line.split(/[,;\t]/).map((part) => part.trim());
      const whole = org !== "" && name !== "" && federation_org !== "";
      return { line: index + 1, org, name, federation_org, outcome: whole ? "connected" : "refused", fields: whole ? [] : [{ field: "federation_org", rule: "required", message: "invented" }] };
    });
    const of = (outcome: string) => lines.filter((line) => line.outcome === outcome).length;
    return { connected: of("connected"), already: 0, refused: of("refused"), lines };
  },
  ...scheduleCommands((fields) => refuse("invalid", { kind: "fields", fields })),
  request_log: ({ before }: { before?: string }) => ({
    rows: query.has("norequests") ? [] : Array.from({ length: before ? 7 : 12 }, (_, index) => {
      const bad = index % 5 === 3;
      return { at: Date.now() - (index + (before ? 12 : 0)) * 41_000, endpoint: index % 4 === 0 ? "/v1/me" : "/v1/clubs/{federation_org_id}/members", method: "GET", status: bad ? 503 : 200, class: bad ? "federation_down" : null, finding: bad ? "server_error" : null, ms: 84 + index * 13, bytes: 20_480 + index, number: bad ? 1 : index % 5 === 4 ? 2 : 1 };
    }),
    next: before ? null : "1.x",
  }),
  request_left: () => ({ limit: 60, left: 57, told: false, paused_until: null }),
  request_try: async ({ request }: { request: { reveal?: boolean } }) => {
    await pause(300);
    return { status: 200, ms: 91, bytes: 812, attempts: 1, content_type: "application/json", body: request.reveal ? { data: [{ id: "M1", firstName: "Aoife" }] } : { data: [{ id: "text", firstName: "text" }, "and 99 more"] } };
  },
  member_search: ({ request }) => searchMembers(scene === "empty" ? 0 : wanted || 6318, request),
  member_show: ({ member }) => showMember(member) ?? refuse("not_found"),
  member_trace: ({ member, field }) => traceMember(member, field) ?? refuse("not_found"),
  member_take_federation: ({ member, fields }) => {
    const shown = showMember(member) ?? refuse("not_found");
    editMember(member, shown.values.filter((value) => fields.includes(value.field)).map((value) => ({ field: value.field, value: value.federation })));
    return showMember(member);
  },
  member_edit: ({ request }) => {
    if (!editMember(request.member_id, request.changes)) refuse("invalid", { kind: "fields", fields: [{ field: "date_of_birth", rule: "pattern", message: "invented" }] });
    return null;
  },
  practice_status: () => ({ running, base_url: running ? "http://127.0.0.1:47800" : null }),
  practice_start: () => ({ running: (running = true), base_url: "http://127.0.0.1:47800" }),
  practice_stop: () => ({ running: (running = false), base_url: null }),
  practice_connect: async ({ onStep }) => {
    running = true;
    await runTest("127.0.0.1", undefined, onStep);
    const own = settingsFor("practice", "Practice federation", { environment: "test", allow_http_loopback: true, endpoints: { base: "http://127.0.0.1:47800", membership_list: "/api/members" } });
    return put(connectorView("practice", "Practice federation", "healthy", { settings: own, events: [{ at: Date.now(), kind: "test_succeeded", detail: null }, { at: Date.now(), kind: "created", detail: null }] }));
  },
  key_status: () => ({ slots, term, encryptions: 1204, made_at: NOW - 264 * DAY, database_id: "0190" }),
  key_add_passphrase: () => ((slots = [...slots, { kind: "passphrase", made_at: Date.now() }]), commands.key_status?.({})),
  key_add_keychain: () => ((slots = [...slots, { kind: "keychain", made_at: Date.now() }]), commands.key_status?.({})),
  key_remove_slot: ({ kind }) => ((slots = slots.filter((slot) => slot.kind !== kind)), commands.key_status?.({})),
  key_rotate: () => ((term += 1), commands.key_status?.({})),
  db_backup: () => ({ path: "/backups/now.db", size: 38_200_000, made_at: Date.now(), verified: true }),
  db_backups: () => [0, 1, 2].map((days) => ({ path: `/backups/${days}.db`, size: 38_200_000 - days * 1000, made_at: NOW - 9.5 * HOUR - days * DAY, verified: days < 2 })),
  db_restore: () => {
    state = "open";
    return status();
  },
  db_check: async () => (await pause(300), { ok: true, problems: [], credentials_checked: 10, pages: 9321 }),
  settings_show: () => appearance,
  settings_set: ({ settings }) => (appearance = settings),
  ...eraseCommands(() => tell({ type: "syncs_changed" }), (code) => refuse(code)),
  ...runCommands(() => tell({ type: "syncs_changed" }), (code) => refuse(code)),
  // The preview of one club has a plan of its own; the bulk dialog's clubs share it.
  ...syncCommands,
  sync_cancel: ({ org }: { org: string }) => {
    syncCommands["sync_cancel"]?.({});
    return stopRun(org, () => tell({ type: "syncs_changed" }));
  },
  ...auditCommands,
  ...healthCommands(() => connectors, put, () => refuse("not_found")),
  ...choiceCommands,
};

/** What JSON makes of a value, as the real wire does. */
function overTheWire(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

export const backend = {
  invoke: async (command: string, args: Record<string, unknown> = {}): Promise<unknown> => {
    const answer = commands[command];
    if (!answer) return refuse("internal");
    await pause(5);
    const plain = Object.fromEntries(Object.entries(args).map(([name, value]) => [name, typeof value === "function" ? value : overTheWire(value)]));
    return overTheWire(await answer(plain));
  },
  onEvent: (handler: (event: Event) => void) => {
    handlers.add(handler);
    return Promise.resolve(() => void handlers.delete(handler));
  },
  steps: <Step>(onStep: (step: Step) => void) => onStep,
};
