// Invented connectors and presets for development without the shell. Never part of a production build.

import type { ConnectorSettings, ConnectorView, HealthState, PresetView, TestReportView, TestStepView } from "../bindings/types";

export const NOW = Date.now();
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

export function settings(code: string, name: string, more: Partial<ConnectorSettings> = {}): ConnectorSettings {
  return {
    code,
    name,
    environment: "live",
    allow_http_loopback: false,
    auth: { kind: "api_key", header: "X-Api-Key", headers: [] },
    endpoints: { base: `https://api.${code.replaceAll("_", "-")}.example`, membership_list: "/v1/clubs/{federation_org_id}/members", verify: "/v1/me" },
    paging: { style: "page", start: 1, page_param: "page", size_param: "size", size: 100, records: "data" },
    network: {},
    limits: { requests_per_minute: 60, timeout_seconds: 30 },
    sync: { enabled: false, conflict_strategy: "federation_wins" },
    variables: {},
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

export const CONNECTORS: ConnectorView[] = [
  connectorView("badminton_helloclub", "Badminton", "action_needed", { clubs: 2, last_sync_at: NOW - 4 * DAY }),
  connectorView("basketball_teamsnap", "Basketball", "sign_in_again", { clubs: 2, last_sync_at: NOW - 3 * DAY }),
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
    key_help: null,
    variables: [],
    base_fixed: false,
    settings: settings("", "", { endpoints: { base: "", membership_list: "/members" }, paging: { style: "none" } }),
    ...more,
  };
}

export const PRESETS: PresetView[] = [
  preset("practice", "Practice federation", "start", "live", "Built in, no account needed", {
    base_fixed: true,
    settings: settings("practice", "Practice federation", { environment: "test", allow_http_loopback: true, endpoints: { base: "http://127.0.0.1:47800", membership_list: "/api/members" } }),
  }),
  preset("hello_club", "Hello Club", "systems", "clients", "API key. Members, dates", {
    base_fixed: true,
    needs: ["An account that may manage integrations"],
    key_help: "In Hello Club: Settings, then Integrations.",
    settings: settings("", "", { endpoints: { base: "https://api.helloclub.com", membership_list: "/member" }, auth: { kind: "api_key", header: "X-Api-Key", headers: [] } }),
  }),
  preset("generic_rest_key", "Own REST API with a key", "own", "no", "Any JSON, a key in a header or in the address"),
  preset("generic_rest_basic", "Own REST API with a password", "own", "no", "Any JSON, user name and password", {
    settings: settings("", "", { auth: { kind: "basic", headers: [] }, endpoints: { base: "", membership_list: "/members" }, paging: { style: "none" } }),
  }),
];
