// The parts of the connector form that belong to kinds with tokens: OAuth 2.0 and the two-step sign-in.
// As in the rest of the form, everything typed stays; only what the chosen kind uses is taken from it.

import type {
  AuthSettings, BodyFormat, ClientAuthentication, CredentialsRequest, DiscoveryView, Grant, Redirect, TwoStepSettings,
} from "../bindings/types";

export interface ParameterRow {
  id: number;
  name: string;
  value: string;
}

export interface TokenForm {
  grant: Grant;
  issuer: string;
  authorizationEndpoint: string;
  tokenEndpoint: string;
  revocationEndpoint: string;
  deviceEndpoint: string;
  scopes: string;
  audience: string;
  redirect: Redirect;
  loopbackPort: string;
  redirectPath: string;
  clientAuthentication: ClientAuthentication;
  parameters: ParameterRow[];
  clientId: string;
  clientSecret: string;
  privateKey: string;
  privateKeyPassword: string;
  firstUrl: string;
  firstBody: BodyFormat;
  contentType: string;
  tokenPath: string;
  expiresPath: string;
  lifetime: string;
  firstProof: "secret" | "login";
  firstSecret: string;
}

let lastRow = 0;
export function parameterRow(name = "", value = ""): ParameterRow {
  lastRow += 1;
  return { id: lastRow, name, value };
}

/** Empty lists and tables are left out on the wire. */
const listOf = <Value>(list: Value[] | undefined): Value[] => list ?? [];

export function tokenFormFrom(auth: AuthSettings): TokenForm {
  const parameters = Object.entries(auth.extra_parameters ?? {}).map(([name, value]) => parameterRow(name, value ?? ""));
  const first = auth.two_step;
  return {
    grant: auth.grant ?? "authorization_code",
    issuer: auth.issuer ?? "",
    authorizationEndpoint: auth.authorization_endpoint ?? "",
    tokenEndpoint: auth.token_endpoint ?? "",
    revocationEndpoint: auth.revocation_endpoint ?? "",
    deviceEndpoint: auth.device_authorization_endpoint ?? "",
    scopes: listOf(auth.scopes).join(" "),
    audience: auth.audience ?? "",
    redirect: auth.redirect ?? "deep-link",
    loopbackPort: auth.loopback_port === undefined ? "" : String(auth.loopback_port),
    redirectPath: auth.redirect_path ?? "",
    clientAuthentication: auth.client_authentication ?? "none",
    parameters: parameters.length > 0 ? parameters : [parameterRow()],
    clientId: "",
    clientSecret: "",
    privateKey: "",
    privateKeyPassword: "",
    firstUrl: first?.url ?? "",
    firstBody: first?.body ?? "json",
    contentType: first?.content_type ?? "",
    tokenPath: first?.token_path ?? "",
    expiresPath: first?.expires_path ?? "",
    lifetime: first?.lifetime_seconds === undefined ? "" : String(first.lifetime_seconds),
    firstProof: "secret",
    firstSecret: "",
  };
}

/** Scopes as typed: any white space stands between two; each once, in the order typed. */
export function scopesOf(text: string): string[] {
  return [...new Set(text.split(/\s+/).filter((scope) => scope !== ""))];
}

/** Adds `scope` to the text, or takes it out where it is in it. */
export function toggleScope(text: string, scope: string): string {
  const scopes = scopesOf(text);
  return (scopes.includes(scope) ? scopes.filter((other) => other !== scope) : [...scopes, scope]).join(" ");
}

/** Which fields of OAuth 2.0 are shown: exactly those that the grant uses. */
export function oauthFields(grant: Grant): string[] {
  const shared = ["grant", "issuer", "tokenEndpoint", "revocationEndpoint", "scopes", "audience", "clientAuthentication", "clientId", "clientSecret"];
  switch (grant) {
    case "authorization_code": return [...shared, "authorizationEndpoint", "deviceEndpoint", "redirect", "loopbackPort", "redirectPath", "parameters"];
    case "device_code": return [...shared, "deviceEndpoint"];
    case "client_credentials": return shared;
    case "jwt_bearer": return [...shared, "privateKey", "privateKeyPassword"];
  }
}

const filled = (key: string, text: string) => (text.trim() === "" ? {} : { [key]: text.trim() });

/** A typed number; what is no whole number becomes 0, which the product's own check refuses beside the field. */
export function wholeNumber(text: string): number {
  return /^\s*\d{1,9}\s*$/.test(text) ? Number(text) : 0;
}

/** A usual value is left out, unless the settings named it before. */
function unlessUsual<Value>(key: string, value: Value, usual: Value, before: Value | undefined): Record<string, Value> {
  return value === usual && before === undefined ? {} : { [key]: value };
}

export function oauthOf(form: TokenForm, before: AuthSettings): AuthSettings {
  const shown = new Set(oauthFields(form.grant));
  const when = (field: string, settings: Record<string, unknown>) => (shown.has(field) ? settings : {});
  const parameters = form.parameters.filter((row) => row.name.trim() !== "" || row.value !== "");
  return {
    kind: "oauth2",
    headers: [],
    ...unlessUsual("grant", form.grant, "authorization_code", before.grant),
    ...filled("issuer", form.issuer),
    ...when("authorizationEndpoint", filled("authorization_endpoint", form.authorizationEndpoint)),
    ...filled("token_endpoint", form.tokenEndpoint),
    ...filled("revocation_endpoint", form.revocationEndpoint),
    ...when("deviceEndpoint", filled("device_authorization_endpoint", form.deviceEndpoint)),
    scopes: scopesOf(form.scopes),
    ...filled("audience", form.audience),
    ...when("redirect", unlessUsual("redirect", form.redirect, "deep-link", before.redirect)),
    ...when("loopbackPort", form.loopbackPort.trim() === "" ? {} : { loopback_port: wholeNumber(form.loopbackPort) }),
    ...when("redirectPath", filled("redirect_path", form.redirectPath)),
    ...unlessUsual("client_authentication", form.clientAuthentication, "none", before.client_authentication),
    extra_parameters: shown.has("parameters") ? Object.fromEntries(parameters.map((row) => [row.name.trim(), row.value.trim()])) : {},
  };
}

export function twoStepOf(form: TokenForm): AuthSettings {
  const first: TwoStepSettings = {
    url: form.firstUrl.trim(),
    body: form.firstBody,
    ...filled("content_type", form.contentType),
    token_path: form.tokenPath.trim(),
    ...filled("expires_path", form.expiresPath),
    ...(form.lifetime.trim() === "" ? {} : { lifetime_seconds: wholeNumber(form.lifetime) }),
  };
  return { kind: "two_step", headers: [], scopes: [], extra_parameters: {}, two_step: first };
}

type Shared = Pick<CredentialsRequest, "expires_on" | "webhook_secret">;

export function oauthCredentials(form: TokenForm, shared: Shared): CredentialsRequest | undefined {
  const signs = form.grant === "jwt_bearer";
  const typed = [form.clientId.trim(), form.clientSecret, signs ? form.privateKey.trim() : ""];
  if (typed.every((text) => text === "")) return undefined;
  return {
    type: "oauth2",
    client_id: form.clientId.trim(),
    ...(form.clientSecret ? { client_secret: form.clientSecret } : {}),
    ...(signs && form.privateKey.trim() ? { private_key: form.privateKey } : {}),
    ...(signs && form.privateKeyPassword ? { private_key_password: form.privateKeyPassword } : {}),
    ...shared,
  };
}

export function twoStepCredentials(form: TokenForm & { username: string; password: string }, shared: Shared): CredentialsRequest | undefined {
  if (form.firstProof === "secret") return form.firstSecret === "" ? undefined : { type: "two_step", secret: form.firstSecret, ...shared };
  if (form.username === "" && form.password === "") return undefined;
  return { type: "two_step", username: form.username, password: form.password, ...shared };
}

/** A secret that is typed must be sent somehow: in a header, unless the person has chosen. */
export function typeClientSecret(form: TokenForm, secret: string): void {
  if (form.clientSecret === "" && secret !== "" && form.clientAuthentication === "none") form.clientAuthentication = "basic";
  form.clientSecret = secret;
}

/** What an issuer says of itself goes into the fields; what it does not say stays as typed. */
export function fillFromIssuer(form: TokenForm, found: DiscoveryView): void {
  form.issuer = found.issuer;
  form.authorizationEndpoint = found.authorization_endpoint ?? form.authorizationEndpoint;
  form.tokenEndpoint = found.token_endpoint ?? form.tokenEndpoint;
  form.revocationEndpoint = found.revocation_endpoint ?? form.revocationEndpoint;
  form.deviceEndpoint = found.device_authorization_endpoint ?? form.deviceEndpoint;
}

/** The redirect URI as it will be for a connector with this code; `port` stands for a port that is not fixed. */
export function redirectUri(form: TokenForm, code: string, port: string): string {
  const path = form.redirectPath.trim() || `/oauth/${code.trim()}`;
  if (form.redirect === "deep-link") return `com.playerarc.connectors:${path}`;
  return `http://127.0.0.1:${form.loopbackPort.trim() || port}${path}`;
}

/** Does somebody have to sign in before a request can be made? */
export function grantNeedsPerson(grant: Grant): boolean {
  return grant === "authorization_code" || grant === "device_code";
}

/** `address` at the place of another server of this computer; other addresses stay as they are. */
export function movedTo(address: string, base: string): string {
  return address.replace(/^http:\/\/127\.0\.0\.1(?::\d+)?(?=[/?]|$)/, base.replace(/\/+$/, ""));
}
