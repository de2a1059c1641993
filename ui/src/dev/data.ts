// Invented connectors and presets for development without the shell. Never part of a production build.

import type { AuthSettings, ConnectorSettings, ConnectorView, HealthState, PresetView, SignInView, TestReportView, TestStepView } from "../bindings/types";

export const NOW = Date.now();
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

export function settings(code: string, name: string, more: Partial<ConnectorSettings> = {}): ConnectorSettings {
  return {
    code,
    name,
    environment: "live",
    allow_http_loopback: false,
    auth: { kind: "api_key", header: "X-Api-Key", headers: [], scopes: [], extra_parameters: {} },
    endpoints: { base: `https://api.${code.replaceAll("_", "-")}.example`, membership_list: "/v1/clubs/{federation_org_id}/members", verify: "/v1/me" },
    paging: { style: "page", start: 1, page_param: "page", size_param: "size", size: 100, records: "data", keys: {} },
    records: { format: "json", name_values: [] },
    errors: [],
    network: {},
    limits: { requests_per_minute: 60, timeout_seconds: 30 },
    sync: { enabled: false, conflict_strategy: "federation_wins" },
    variables: {},
    ...more,
  };
}

export function oauth(more: Partial<AuthSettings> = {}): AuthSettings {
  return { kind: "oauth2", headers: [], issuer: "https://login.federation.example", scopes: ["members.read", "clubs.read", "offline_access"], extra_parameters: {}, ...more };
}

/** The sign-in of a connector with these settings, of which nothing has come yet. */
export function signInOf(own: ConnectorSettings, more: Partial<SignInView> = {}): SignInView | null {
  const { kind, grant = "authorization_code" } = own.auth;
  if (kind !== "oauth2" && kind !== "two_step") return null;
  const browser = kind === "oauth2" && grant === "authorization_code";
  const path = own.auth.redirect_path ?? `/oauth/${own.code}`;
  return {
    state: "signed_out",
    grant: kind === "oauth2" ? grant : null,
    needs_person: kind === "oauth2" && (grant === "authorization_code" || grant === "device_code"),
    since: null,
    expires_at: null,
    renews: false,
    scopes: [],
    missing_scopes: [],
    reason: null,
    waiting_until: null,
    waiting_redirect: null,
    redirect_uri_deep_link: browser ? `com.playerarc.connectors:${path}` : null,
    redirect_uri_loopback: browser ? `http://127.0.0.1:${own.auth.loopback_port ?? "{port}"}${path}` : null,
    ...more,
  };
}

export function steps(host: string, failing?: string, said = "Refused: HTTP 401"): TestStepView[] {
  const all: TestStepView[] = [
    { name: "dns", ok: true, ms: 12, detail: `${host} has 2 addresses` },
    { name: "tcp", ok: true, ms: 31, detail: "Port 443 answers" },
    { name: "tls", ok: true, ms: 58, detail: "TLS 1.3, certificate valid until 3 March 2027" },
    { name: "auth", ok: true, ms: 143, detail: "HTTP 200" },
    { name: "endpoint", ok: true, ms: 211, detail: "JSON, a list of 100 records" },
    { name: "record", ok: true, ms: 1, detail: "18 fields" },
  ];
  const at = all.findIndex((step) => step.name === failing);
  if (at < 0) return all;
  return all.map((step, index) => (index < at ? step : index === at ? { ...step, ok: false, detail: said } : { ...step, ok: null, ms: null, detail: "" }));
}

export function report(host: string, failing?: string): TestReportView {
  const ok = failing === undefined;
  return {
    ok,
    class: ok ? null : failing === "endpoint" ? "federation_down" : "bad_credentials",
    finding: ok ? null : failing === "endpoint" ? "server_error" : "unauthorised",
    status: ok ? 200 : failing === "endpoint" ? 503 : 401,
    retry_after_seconds: null,
    title: ok ? "The federation answers" : "The federation refused the credentials",
    fix: ok ? "" : "Copy the key again and paste it.",
    host,
    started_at: NOW - 2 * HOUR,
    steps: steps(host, failing, failing === "endpoint" ? "HTTP 503" : undefined),
  };
}

export function connectorView(code: string, name: string, state: HealthState, more: Partial<ConnectorView> = {}): ConnectorView {
  const failing = state === "action_needed" || state === "sign_in_again" ? "auth" : state === "waiting_for_federation" ? "endpoint" : undefined;
  const tested = state !== "not_tested";
  const own = more.settings ?? settings(code, name);
  const host = /\/\/([^/]+)/.exec(own.endpoints.base)?.[1] ?? "";
  return {
    id: `0190-${code}`,
    code,
    name,
    environment: own.environment,
    status: state === "paused" ? "inactive" : "active",
    state,
    auth_kind: own.auth.kind,
    preset: "generic_rest_key",
    clubs: 0,
    last_test_at: tested ? NOW - 2 * HOUR : null,
    last_sync_at: null,
    created_at: NOW - 200 * DAY,
    updated_at: NOW - 3 * DAY,
    deleted_at: null,
    restorable_until: null,
    settings: own,
    credentials: {
      set: own.auth.kind !== "none",
      kind: own.auth.kind,
      stored_at: NOW - 200 * DAY,
      expires_on: null,
      tested: state === "healthy",
      previous_kept: false,
      secondary_set: false,
      secret_headers: [],
      webhook_secret_set: false,
    },
    sign_in: signInOf(own),
    test_club: null,
    last_test: tested ? report(host, failing) : null,
    events: [
      ...(tested ? [{ at: NOW - 2 * HOUR, kind: failing ? ("test_failed" as const) : ("test_succeeded" as const), detail: failing ? "unauthorised" : null }] : []),
      { at: NOW - 3 * DAY, kind: "edited", detail: "limits.requests_per_minute, name" },
      { at: NOW - 200 * DAY, kind: "credentials_stored", detail: null },
      { at: NOW - 200 * DAY - HOUR, kind: "created", detail: null },
    ],
    version: 1,
    ...more,
  };
}

function signing(code: string, name: string, state: HealthState, auth: AuthSettings, more: Partial<SignInView> = {}): ConnectorView {
  const own = settings(code, name, { auth, endpoints: { base: `https://api.${code.replaceAll("_", "-")}.example`, membership_list: "/v1/members", verify: "/v1/me" } });
  return connectorView(code, name, state, { clubs: 1, settings: own, sign_in: signInOf(own, more), preset: "generic_rest_oauth" });
}

export const CONNECTORS: ConnectorView[] = [
  connectorView("badminton_helloclub", "Badminton", "action_needed", { clubs: 2, last_sync_at: NOW - 4 * DAY }),
  signing("basketball_teamsnap", "Basketball", "sign_in_again", oauth(), { state: "ended", reason: "sign_in_ended", since: NOW - 40 * DAY }),
  signing("swimming_oauth", "Swimming", "not_tested", oauth()),
  signing("tennis_clubspark", "Tennis", "healthy", oauth({ client_authentication: "basic", redirect: "loopback" }), { state: "signed_in", since: NOW - 3 * HOUR, expires_at: NOW + HOUR, renews: true, scopes: ["members.read"], missing_scopes: ["clubs.read"] }),
  signing("rugby_fresh", "Rugby", "not_tested", oauth(), { state: "signed_in", since: NOW - HOUR / 10, expires_at: NOW + HOUR, renews: false, scopes: ["members.read"] }),
  signing("camogie_device", "Camogie", "not_tested", oauth({ grant: "device_code" })),
  signing("judo_justgo", "Judo", "not_tested", { kind: "two_step", headers: [], scopes: [], extra_parameters: {}, two_step: { url: "/api/authenticate", body: "json", token_path: "data.accessToken" } }),
  signing("fencing_client", "Fencing", "not_tested", oauth({ grant: "client_credentials", client_authentication: "body" })),
  signing("golf_declined", "Golf", "not_tested", oauth(), { reason: "sign_in_declined" }),
  signing("squash_port", "Squash", "not_tested", oauth({ redirect: "loopback", loopback_port: 4000 }), { reason: "redirect_port_taken" }),
  signing("chess_client", "Chess", "action_needed", oauth(), { reason: "client_refused" }),
  connectorView("athletics_wildapricot", "Athletics", "waiting_for_federation", { clubs: 1, last_sync_at: NOW - 8 * HOUR }),
  connectorView("cricket_playcricket", "Cricket", "rate_limited", { clubs: 2, last_sync_at: NOW - 8 * HOUR }),
  connectorView("archery_easyverein", "Archery", "healthy", { clubs: 1, last_sync_at: NOW - 7 * HOUR }),
  connectorView("gaa_foireann", "Gaelic games", "healthy", { clubs: 4, last_sync_at: NOW - 7 * DAY }),
  connectorView("orienteering_eventor", "Orienteering", "healthy", { clubs: 1, last_sync_at: NOW - 8 * HOUR }),
  connectorView("practice", "Practice federation", "healthy", {
    clubs: 1,
    preset: "practice",
    settings: settings("practice", "Practice federation", {
      environment: "test",
      allow_http_loopback: true,
      preset: "practice",
      endpoints: { base: "http://127.0.0.1:47800", membership_list: "/api/members" },
    }),
  }),
  connectorView("rowing_rest", "Rowing", "not_tested"),
  connectorView("hockey_spordle", "Hockey", "paused", { clubs: 1, last_sync_at: NOW - 11 * DAY }),
  connectorView("handball_nuliga", "Handball", "paused", { deleted_at: NOW - 2 * DAY, restorable_until: NOW + 28 * DAY, clubs: 1 }),
];

function preset(id: string, name: string, group: string, verified: PresetView["verified"], summary: string, more: Partial<PresetView> = {}): PresetView {
  return {
    id, name, group, verified, summary,
    checked_on: "2026-11-14",
    documentation: null,
    needs: [],
    capabilities: ["members"],
    fields: {},
    origin: "built_in",
    key_help: null,
    sample_club: null,
    client_id: null,
    variables: [],
    base_fixed: false,
    settings: settings("", "", { endpoints: { base: "", membership_list: "/members" }, paging: { style: "none", keys: {} } }),
    ...more,
  };
}

export const PRESETS: PresetView[] = [
  preset("practice", "Practice federation", "start", "live", "Built in, no account needed", {
    base_fixed: true,
    settings: settings("practice", "Practice federation", { environment: "test", allow_http_loopback: true, endpoints: { base: "http://127.0.0.1:47800", membership_list: "/api/members" } }),
  }),
  preset("practice_sign_in", "Practice federation with sign-in", "start", "live", "Built in: sign in in the browser (OAuth 2.0), no account needed", {
    base_fixed: true,
    sample_club: null,
    client_id: "practice-app",
    needs: ["Nothing: the app starts it on this computer, with invented members", "Its sign-in page shows the user name and password"],
    key_help: "The client id of the practice federation is practice-app. It protects nothing.",
    settings: settings("practice_sign_in", "Practice federation with sign-in", {
      environment: "test",
      allow_http_loopback: true,
      auth: oauth({ issuer: "http://127.0.0.1:8787", redirect: "deep-link" }),
      endpoints: { base: "http://127.0.0.1:8787/oauth2", membership_list: "/v1/members", verify: "/v1/me" },
    }),
  }),
  preset("hello_club", "Hello Club", "systems", "clients", "API key. Members, dates", {
    base_fixed: true,
    needs: ["An account that may manage integrations"],
    key_help: "In Hello Club: Settings, then Integrations.",
    settings: settings("", "", { endpoints: { base: "https://api.helloclub.com", membership_list: "/member" }, auth: { kind: "api_key", header: "X-Api-Key", headers: [], scopes: [], extra_parameters: {} } }),
  }),
  preset("generic_rest_key", "Own REST API with a key", "own", "no", "Any JSON, a key in a header or in the address"),
  preset("generic_rest_oauth", "Own REST API with a sign-in", "own", "no", "Any JSON list, sign-in in the browser (OAuth 2.0)", {
    needs: ["The address of the API, from its documentation", "The issuer, or the addresses of the sign-in page and of the token endpoint", "A client id, registered at the federation with the redirect URI that the app shows"],
    key_help: "The federation gives the client id when the app is registered there; some give a client secret too.",
    settings: settings("", "", { auth: { kind: "oauth2", headers: [], scopes: [], extra_parameters: {} }, endpoints: { base: "", membership_list: "/members" }, paging: { style: "none", keys: {} } }),
  }),
  preset("generic_rest_basic", "Own REST API with a password", "own", "no", "Any JSON, user name and password", {
    settings: settings("", "", { auth: { kind: "basic", headers: [], scopes: [], extra_parameters: {} }, endpoints: { base: "", membership_list: "/members" }, paging: { style: "none", keys: {} } }),
  }),
];
