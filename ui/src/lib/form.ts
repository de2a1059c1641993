// The connector form as one plain value. Everything typed stays in it, also for kinds of sign-in that
// are not chosen just now; settings and credentials are taken from it only for the chosen kind.

import type {
  AuthKind, AuthSettings, ConflictStrategy, ConnectorSettings, MemberField, ConnectorView, CredentialsRequest, Environment,
  PresetView,
} from "../bindings/types";
import { suggestCode } from "./code";
import { listFormFrom, pagingOf, recordsOf, type ListForm } from "./list-form";
import { grantNeedsPerson, movedTo, oauthCredentials, oauthFields, oauthOf, tokenFormFrom, twoStepCredentials, twoStepOf, wholeNumber, type TokenForm } from "./token-form";

export type FormKind = AuthKind;
/** Where an API key travels. */
export type KeyPlace = "header" | "prefix" | "query" | "headers";

export interface HeaderRow {
  id: number;
  name: string;
  secret: boolean;
  value: string;
}

export interface ConnectorForm extends TokenForm, ListForm {
  name: string;
  code: string;
  /** The person typed a code; the name no longer suggests one. */
  codeByHand: boolean;
  environment: Environment;
  allowHttp: boolean;
  base: string;
  baseFixed: boolean;
  kind: FormKind;
  place: KeyPlace;
  header: string;
  prefix: string;
  query: string;
  headers: HeaderRow[];
  apiKey: string;
  secondKey: string;
  username: string;
  password: string;
  expiresOn: string;
  webhookSecret: string;
  membershipList: string;
  memberDetail: string;
  verify: string;
  clubPath: string;
  clubNamePath: string;
  requestsPerMinute: string;
  timeoutSeconds: string;
  proxy: string;
  caFile: string;
  strategy: ConflictStrategy;
  /** Fields with a strategy of their own, in the order in which they were added. */
  strategies: { field: MemberField; strategy: ConflictStrategy }[];
  organisation: string;
  variables: Record<string, string>;
  /** Settings this form does not show; they travel through unchanged. */
  rest: ConnectorSettings;
  /** The connector exists: stored secrets stay unless `replacing`. */
  editing: boolean;
  replacing: boolean;
}

export const EMPTY_SETTINGS: ConnectorSettings = {
  code: "",
  name: "",
  environment: "live",
  allow_http_loopback: false,
  auth: { kind: "api_key", header: "X-API-Key", headers: [], scopes: [], extra_parameters: {} },
  endpoints: { base: "", membership_list: "" },
  paging: { style: "none", keys: {} },
  records: { format: "json", name_values: [] },
  errors: [],
  network: {},
  limits: { requests_per_minute: 60, timeout_seconds: 30 },
  sync: { enabled: false, conflict_strategy: "federation_wins" },
  variables: {},
};

let lastRow = 0;
export function headerRow(name = "", secret = true, value = ""): HeaderRow {
  lastRow += 1;
  return { id: lastRow, name, secret, value };
}

function placeOf(auth: AuthSettings): KeyPlace {
  if (auth.headers.length > 0) return "headers";
  if (auth.query) return "query";
  return auth.prefix ? "prefix" : "header";
}

/** The form for `settings`; what the settings leave open gets a usual value. */
export function formFrom(settings: ConnectorSettings, editing: boolean): ConnectorForm {
  const { auth, endpoints, paging, limits, network } = settings;
  const text = (value: number | undefined) => (value === undefined ? "" : String(value));
  return {
    name: settings.name,
    code: settings.code,
    codeByHand: editing,
    environment: settings.environment,
    allowHttp: settings.allow_http_loopback,
    base: endpoints.base,
    baseFixed: false,
    kind: auth.kind,
    place: placeOf(auth),
    header: auth.header ?? (auth.prefix ? "Authorization" : "X-API-Key"),
    prefix: auth.prefix ?? "Bearer",
    query: auth.query ?? "api_key",
    ...tokenFormFrom(auth),
    headers: auth.headers.length > 0 ? auth.headers.map((h) => headerRow(h.name, h.secret, h.value ?? "")) : [headerRow()],
    apiKey: "",
    secondKey: "",
    username: "",
    password: "",
    expiresOn: "",
    webhookSecret: "",
    membershipList: endpoints.membership_list,
    memberDetail: endpoints.member_detail ?? "",
    verify: endpoints.verify ?? "",
    clubPath: endpoints.organisation ?? "",
    clubNamePath: endpoints.organisation_name ?? "",
    ...listFormFrom(paging, settings.records),
    requestsPerMinute: text(limits.requests_per_minute),
    timeoutSeconds: text(limits.timeout_seconds),
    proxy: network.proxy ?? "",
    caFile: network.ca_file ?? "",
    strategy: settings.sync.conflict_strategy,
    strategies: (Object.entries(settings.sync.fields ?? {}) as [MemberField, ConflictStrategy][]).map(([field, strategy]) => ({ field, strategy })),
    organisation: "",
    variables: Object.fromEntries(Object.entries(settings.variables).map(([name, value]) => [name, value ?? ""])),
    rest: settings,
    editing,
    replacing: !editing,
  };
}

export function formFromConnector(view: ConnectorView): ConnectorForm {
  const form = formFrom(view.settings, true);
  form.expiresOn = view.credentials.expires_on ?? "";
  form.replacing = !view.credentials.set;
  return form;
}

/** The form of a preset, keeping name and code where the person has typed them already. */
export function formFromPreset(preset: PresetView, before?: ConnectorForm): ConnectorForm {
  const form = formFrom(preset.settings, false);
  form.baseFixed = preset.base_fixed;
  form.clientId = preset.client_id ?? "";
  form.organisation = preset.sample_club ?? "";
  form.rest = { ...preset.settings, preset: preset.id };
  for (const variable of preset.variables) form.variables[variable.name] ??= "";
  if (before?.codeByHand) {
    form.code = before.code;
    form.codeByHand = true;
  }
  if (before && before.name !== "" && before.name !== before.rest.name) form.name = before.name;
  if (!form.codeByHand && (form.code === "" || form.name !== preset.settings.name)) form.code = suggestCode(form.name);
  return form;
}

/** A new name; the code follows until it is typed by hand. */
export function rename(form: ConnectorForm, name: string): void {
  form.name = name;
  if (!form.codeByHand) form.code = suggestCode(name);
}

/** Which parts of the sign-in are shown: exactly those of the chosen kind. */
export function shownFields(form: ConnectorForm): string[] {
  switch (form.kind) {
    case "basic": return ["username", "password"];
    case "none": return [];
    case "oauth2": return oauthFields(form.grant);
    case "two_step": return ["firstUrl", "firstBody", "tokenPath", "expiresPath", "lifetime", "contentType", ...(form.firstProof === "secret" ? ["firstSecret"] : ["username", "password"])];
    case "api_key": return keyFields(form);
  }
}

function keyFields(form: ConnectorForm): string[] {
  switch (form.place) {
    case "header": return ["header", "apiKey", "secondKey"];
    case "prefix": return ["header", "prefix", "apiKey", "secondKey"];
    case "query": return ["query", "apiKey", "secondKey"];
    case "headers": return ["headers"];
  }
}

function authOf(form: ConnectorForm): AuthSettings {
  const empty = { headers: [], scopes: [], extra_parameters: {} };
  if (form.kind === "oauth2") return oauthOf(form, form.rest.auth);
  if (form.kind === "two_step") return twoStepOf(form);
  if (form.kind !== "api_key") return { kind: form.kind, ...empty };
  switch (form.place) {
    case "header": return { kind: "api_key", header: form.header.trim(), ...empty };
    case "prefix": return { kind: "api_key", header: form.header.trim(), prefix: form.prefix.trim(), ...empty };
    case "query": return { kind: "api_key", query: form.query.trim(), ...empty };
    case "headers":
      return {
        ...empty,
        kind: "api_key",
        headers: form.headers
          .filter((row) => row.name.trim() !== "" || row.value !== "")
          .map((row) => (row.secret ? { name: row.name.trim(), secret: true } : { name: row.name.trim(), secret: false, value: row.value.trim() })),
      };
  }
}

/** All settings as typed, for the chosen kind; never a secret. */
export function settingsOf(form: ConnectorForm): ConnectorSettings {
  const filled = (key: string, text: string) => (text.trim() === "" ? {} : { [key]: text.trim() });
  return {
    ...form.rest,
    code: form.code.trim(),
    name: form.name.trim(),
    environment: form.environment,
    allow_http_loopback: usesLoopbackHttp(form) && form.allowHttp,
    auth: authOf(form),
    endpoints: {
      base: form.base.trim(),
      membership_list: form.membershipList.trim(),
      ...filled("member_detail", form.memberDetail),
      ...filled("verify", form.verify),
      ...filled("organisation", form.clubPath),
      ...filled("organisation_name", form.clubNamePath),
    },
    paging: pagingOf(form, form.rest.paging),
    records: recordsOf(form, form.rest.records),
    sync: syncOf(form),
    limits: { requests_per_minute: wholeNumber(form.requestsPerMinute), timeout_seconds: wholeNumber(form.timeoutSeconds) },
    network: { ...filled("proxy", form.proxy), ...filled("ca_file", form.caFile) },
    variables: { ...form.variables },
  };
}

function syncOf(form: ConnectorForm): ConnectorSettings["sync"] {
  const { fields: _, ...sync } = form.rest.sync;
  const fields = Object.fromEntries(form.strategies.map((one) => [one.field, one.strategy]));
  return { ...sync, conflict_strategy: form.strategy, ...(form.strategies.length > 0 ? { fields } : {}) };
}

/** The credentials as typed; undefined where none are typed or the stored ones are kept. */
export function credentialsOf(form: ConnectorForm): CredentialsRequest | undefined {
  if (!form.replacing || form.kind === "none") return undefined;
  const shared = {
    ...(form.expiresOn ? { expires_on: form.expiresOn } : {}),
    ...(form.webhookSecret ? { webhook_secret: form.webhookSecret } : {}),
  };
  if (form.kind === "basic") {
    if (form.username === "" && form.password === "") return undefined;
    return { type: "basic", username: form.username, password: form.password, ...shared };
  }
  if (form.kind === "oauth2") return oauthCredentials(form, shared);
  if (form.kind === "two_step") return twoStepCredentials(form, shared);
  if (form.place === "headers") {
    const secrets = Object.fromEntries(
      form.headers.filter((row) => row.secret && row.value !== "").map((row) => [row.name.trim(), row.value]),
    );
    return Object.keys(secrets).length === 0 ? undefined : { type: "api_key", secrets, ...shared };
  }
  if (form.apiKey === "") return undefined;
  return {
    type: "api_key",
    api_key: form.apiKey,
    ...(form.secondKey ? { secondary_api_key: form.secondKey } : {}),
    secrets: {},
    ...shared,
  };
}

/** Is this plain http to this computer (127.0.0.0/8, ::1, localhost)? */
export function isLoopbackHttp(address: string): boolean {
  const match = /^http:\/\/(\[[0-9a-f:]+\]|[^/:?#@]+)(?::\d*)?(?:[/?#]|$)/i.exec(address.trim());
  const host = match?.[1]?.toLowerCase() ?? "";
  return host === "localhost" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
}

/** Is any address of the chosen kind plain http to this computer? */
export function usesLoopbackHttp(form: ConnectorForm): boolean {
  const signIn =
    form.kind === "oauth2"
      ? [form.issuer, form.authorizationEndpoint, form.tokenEndpoint, form.revocationEndpoint, form.deviceEndpoint]
      : form.kind === "two_step" ? [form.firstUrl] : [];
  return [form.base, ...signIn].some(isLoopbackHttp);
}

/** Does somebody have to sign in before this connector can be tested? */
export function needsPerson(form: ConnectorForm): boolean {
  return form.kind === "oauth2" && grantNeedsPerson(form.grant);
}

/** Whether it may go without an address: members out of CSV files, without credentials. As the product decides it. */
export function canBeByFile(form: ConnectorForm): boolean {
  return form.kind === "none" && form.recordFormat === "csv";
}

/** Whether its members come out of files alone. */
export function isByFile(form: ConnectorForm): boolean {
  return canBeByFile(form) && form.base.trim() === "" && !form.membershipList.includes("://");
}

/** The form of the practice federation, at the port where it runs just now. */
export function moveTo(form: ConnectorForm, base: string): void {
  for (const key of ["base", "issuer", "authorizationEndpoint", "tokenEndpoint", "revocationEndpoint", "deviceEndpoint"] as const) form[key] = movedTo(form[key], base);
}

/** Does the address of a request need a club's id? */
export function needsOrganisation(form: ConnectorForm): boolean {
  return [form.base, form.membershipList, form.verify].some((address) => address.includes("{federation_org_id}"));
}

/** A copy without anything secret, to find out whether something was changed. */
export function fingerprint(form: ConnectorForm): string {
  const { rest: _rest, organisation: _organisation, headers, parameters, ...typed } = form;
  return JSON.stringify({
    ...typed,
    headers: headers.map(({ name, secret, value }) => [name, secret, value]),
    parameters: parameters.map(({ name, value }) => [name, value]),
  });
}
