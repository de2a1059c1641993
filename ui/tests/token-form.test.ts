import { describe, expect, test } from "vitest";

import type { AuthSettings, DiscoveryView, Grant, PresetView } from "../src/bindings/types";
import { credentialsOf, EMPTY_SETTINGS, fingerprint, formFrom, formFromPreset, moveTo, needsPerson, settingsOf, shownFields, type ConnectorForm } from "../src/lib/form";
import { fillFromIssuer, movedTo, parameterRow, redirectUri, scopesOf, toggleScope, typeClientSecret } from "../src/lib/token-form";

function typed(kind: "oauth2" | "two_step", grant: Grant = "authorization_code"): ConnectorForm {
  return {
    ...formFrom(EMPTY_SETTINGS, false),
    kind,
    grant,
    base: "https://api.example.org",
    issuer: " https://login.example.org ",
    authorizationEndpoint: "https://login.example.org/authorize",
    deviceEndpoint: "https://login.example.org/device",
    scopes: "members.read  offline_access",
    redirect: "loopback",
    loopbackPort: "4000",
    parameters: [parameterRow("prompt", "consent"), parameterRow()],
    clientId: " app ",
    clientSecret: "s3cret",
    privateKey: "-----BEGIN PRIVATE KEY-----",
    privateKeyPassword: "p12",
    firstUrl: "/api/authenticate",
    tokenPath: "data.accessToken",
    lifetime: "3600",
    firstSecret: "first",
    username: "secretary",
    password: "pass word",
  };
}

describe("scopes", () => {
  const cases: [text: string, scopes: string[]][] = [
    ["", []],
    ["   ", []],
    ["a b", ["a", "b"]],
    [" a\n b\ta ", ["a", "b"]],
  ];
  test.each(cases)("%j", (text, scopes) => {
    expect(scopesOf(text), "words, each once").toEqual(scopes);
  });
  test("a suggestion goes in and out", () => {
    expect(toggleScope("a", "b"), "added at the end").toBe("a b");
    expect(toggleScope("a b", "a"), "taken out").toBe("b");
  });
});

describe("OAuth 2.0", () => {
  test("in the browser, all that belongs to it", () => {
    expect(settingsOf(typed("oauth2")).auth, "trimmed, and only what is filled").toEqual({
      kind: "oauth2",
      headers: [],
      issuer: "https://login.example.org",
      authorization_endpoint: "https://login.example.org/authorize",
      device_authorization_endpoint: "https://login.example.org/device",
      scopes: ["members.read", "offline_access"],
      redirect: "loopback",
      loopback_port: 4000,
      extra_parameters: { prompt: "consent" },
    });
  });

  const without: [grant: Grant, absent: string[]][] = [
    ["client_credentials", ["authorization_endpoint", "device_authorization_endpoint", "redirect", "loopback_port"]],
    ["device_code", ["authorization_endpoint", "redirect", "loopback_port"]],
    ["jwt_bearer", ["authorization_endpoint", "device_authorization_endpoint", "redirect"]],
  ];
  test.each(without)("%s leaves out what it does not use (A04)", (grant, absent) => {
    const form = typed("oauth2", grant);
    const auth = settingsOf(form).auth as unknown as Record<string, unknown>;
    expect(auth["grant"], "a grant that is not the usual one is named").toBe(grant);
    for (const key of absent) expect(auth[key], `${key} belongs to another grant`).toBeUndefined();
    expect(auth["extra_parameters"], "they go to the sign-in page only").toEqual({});
  });

  test("a key is part of the credentials only where the client signs with it", () => {
    expect(credentialsOf(typed("oauth2")), "typed for another grant").toEqual({ type: "oauth2", client_id: "app", client_secret: "s3cret" });
    expect(credentialsOf(typed("oauth2", "jwt_bearer")), "with its password").toEqual({
      type: "oauth2",
      client_id: "app",
      client_secret: "s3cret",
      private_key: "-----BEGIN PRIVATE KEY-----",
      private_key_password: "p12",
    });
    expect(shownFields(typed("oauth2")), "and it is asked for only there").not.toContain("privateKey");
    expect(shownFields(typed("oauth2", "jwt_bearer"))).toContain("privateKey");
  });

  test("switching grants and kinds keeps what was typed (A04)", () => {
    const form = typed("oauth2");
    const before = fingerprint(form);
    for (const grant of ["client_credentials", "device_code", "jwt_bearer"] as const) {
      form.grant = grant;
      settingsOf(form);
      credentialsOf(form);
    }
    form.kind = "two_step";
    settingsOf(form);
    form.kind = "oauth2";
    form.grant = "authorization_code";
    expect(fingerprint(form), "nothing was cleared").toBe(before);
  });

  test("settings come back as they were", () => {
    const auth: AuthSettings = {
      kind: "oauth2", headers: [], grant: "authorization_code", issuer: "https://login.example.org", revocation_endpoint: "https://login.example.org/revoke", scopes: ["a"],
      audience: "members", redirect: "deep-link", redirect_path: "/oauth/x", client_authentication: "body", extra_parameters: { prompt: "login" },
    };
    expect(settingsOf(formFrom({ ...EMPTY_SETTINGS, auth }, true)).auth, "an edit that changes nothing changes nothing").toEqual(auth);
  });

  test("lists that the wire leaves out are empty", () => {
    const auth = { kind: "oauth2", headers: [], issuer: "https://login.example.org" } as unknown as AuthSettings;
    expect(settingsOf(formFrom({ ...EMPTY_SETTINGS, auth }, true)).auth, "no scopes, no parameters").toEqual({ ...auth, scopes: [], extra_parameters: {} });
  });

  test("a secret that is typed is sent, unless the person chose how", () => {
    const form = { ...typed("oauth2"), clientSecret: "" };
    typeClientSecret(form, "s");
    expect(form.clientAuthentication, "a secret that goes nowhere helps nobody").toBe("basic");
    form.clientAuthentication = "none";
    typeClientSecret(form, "se");
    expect(form.clientAuthentication, "the person has chosen").toBe("none");
  });

  test("who signs in", () => {
    const needs = (["authorization_code", "device_code", "client_credentials", "jwt_bearer"] as const).map((grant) => needsPerson(typed("oauth2", grant)));
    expect(needs, "only a person can agree in a browser").toEqual([true, true, false, false]);
    expect(needsPerson(typed("two_step")), "a secret is enough").toBe(false);
  });

  test("http to this computer may also be the issuer's", () => {
    const form = { ...typed("oauth2"), issuer: "http://127.0.0.1:8787", allowHttp: true };
    expect(settingsOf(form).allow_http_loopback, "the switch is about all addresses of the kind").toBe(true);
    expect(settingsOf({ ...form, kind: "basic" as const }).allow_http_loopback, "another kind does not use the issuer").toBe(false);
  });
});

describe("what an issuer says", () => {
  const found: DiscoveryView = {
    issuer: "https://login.example.org/realm", authorization_endpoint: "https://login.example.org/a", token_endpoint: "https://login.example.org/t",
    revocation_endpoint: null, device_authorization_endpoint: null, scopes_supported: [], pkce: "s256", other_hosts: [],
  };
  test("fills the endpoints and keeps what it does not name", () => {
    const form = { ...typed("oauth2"), revocationEndpoint: "https://typed.example/r" };
    fillFromIssuer(form, found);
    expect([form.issuer, form.authorizationEndpoint, form.tokenEndpoint, form.revocationEndpoint], "typed by hand stays").toEqual([
      "https://login.example.org/realm", "https://login.example.org/a", "https://login.example.org/t", "https://typed.example/r",
    ]);
  });
});

describe("the redirect URI to register", () => {
  const cases: [change: Partial<ConnectorForm>, uri: string][] = [
    [{ redirect: "deep-link" }, "com.playerarc.connectors:/oauth/tennis"],
    [{ redirect: "deep-link", redirectPath: "/back" }, "com.playerarc.connectors:/back"],
    [{ redirect: "loopback", loopbackPort: "" }, "http://127.0.0.1:{port}/oauth/tennis"],
    [{ redirect: "loopback", loopbackPort: "4000" }, "http://127.0.0.1:4000/oauth/tennis"],
  ];
  test.each(cases)("%j", (change, uri) => {
    expect(redirectUri({ ...typed("oauth2"), ...change }, "tennis", "{port}"), "as the product makes it").toBe(uri);
  });
});

describe("two-step sign-in", () => {
  test("settings", () => {
    expect(settingsOf(typed("two_step")).auth, "no key of OAuth beside it").toEqual({
      kind: "two_step", headers: [], scopes: [], extra_parameters: {},
      two_step: { url: "/api/authenticate", body: "json", token_path: "data.accessToken", lifetime_seconds: 3600 },
    });
    expect(settingsOf({ ...typed("two_step"), lifetime: "an hour" }).auth.two_step?.lifetime_seconds, "refused beside the field").toBe(0);
  });

  test("either a secret or a user name and a password", () => {
    expect(credentialsOf(typed("two_step")), "the login stays typed").toEqual({ type: "two_step", secret: "first" });
    expect(credentialsOf({ ...typed("two_step"), firstProof: "login" }), "the secret stays typed").toEqual({ type: "two_step", username: "secretary", password: "pass word" });
    expect(shownFields(typed("two_step")), "exactly the chosen one is shown").not.toContain("password");
  });
});

test("no settings hold a secret", () => {
  for (const form of [typed("oauth2"), typed("oauth2", "jwt_bearer"), typed("two_step"), { ...typed("two_step"), firstProof: "login" as const }]) {
    const text = JSON.stringify(settingsOf(form));
    for (const secret of ["s3cret", "BEGIN PRIVATE", "p12", "first\"", "pass word"]) expect(text, "settings are exported in clear").not.toContain(secret);
  }
});

test("a preset brings its client id, and the practice federation its port", () => {
  const settings = { ...EMPTY_SETTINGS, auth: { kind: "oauth2", headers: [], issuer: "http://127.0.0.1:8787", scopes: [], extra_parameters: {} }, endpoints: { base: "http://127.0.0.1:8787/oauth2", membership_list: "/v1/members" } };
  const form = formFromPreset({ id: "practice_sign_in", name: "P", base_fixed: true, client_id: "practice-app", variables: [], settings } as unknown as PresetView);
  expect(form.clientId, "nobody has to look it up").toBe("practice-app");
  moveTo(form, "http://127.0.0.1:4711");
  expect([form.base, form.issuer], "the path stays").toEqual(["http://127.0.0.1:4711/oauth2", "http://127.0.0.1:4711"]);
  expect(movedTo("https://api.example.org/x", "http://127.0.0.1:1"), "other addresses stay").toBe("https://api.example.org/x");
});
