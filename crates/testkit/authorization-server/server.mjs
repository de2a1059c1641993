// A certified authorization server (oidc-provider) on this computer, with a small protected resource
// beside it. The tests start one each. It prints one line of JSON when it is ready, and ends when its
// standard input closes, so that it never outlives the test that started it.
//
// It is stricter than most federations on purpose:
// - PKCE with S256 is demanded of every client, also of those that have a secret;
// - every renewal replaces the refresh token, and a replaced one that comes again ends the whole grant;
// - `iss` is in every answer of the authorization endpoint, errors too (RFC 9207);
// - a redirect URI is compared letter by letter; only the port of a loopback address is free, and a
//   private-use scheme must be a reversed domain name (RFC 8252 §7.1, §7.3);
// - `offline_access` (and with it a refresh token) is dropped without a word unless prompt=consent
//   (OpenID Connect Core §11).
import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { parseArgs } from "node:util";

// Its warnings about settings for development go to standard error: the one line is for the test.
console.info = console.warn = console.error;
const { default: Provider } = await import("oidc-provider");

const { values: given } = parseArgs({
  options: {
    "access-token-seconds": { type: "string", default: "3600" },
    // The path of the issuer, as servers with several tenants have one.
    path: { type: "string", default: "" },
  },
});
const seconds = Number(given["access-token-seconds"]);

const SCOPES = ["offline_access", "members.read", "members.write"];
// Federation codes of the tests: the app's redirect URI ends in the code.
const CODES = ["ballyduff", "carrick"];
// Letters that an unescaped Basic header or form would spoil.
const SECRET = "s3cret:+%/ &=?";

const signIn = ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"];
const native = (client_id, method) => ({
  client_id,
  application_type: "native",
  token_endpoint_auth_method: method,
  ...(method === "none" ? {} : { client_secret: SECRET }),
  grant_types: signIn,
  response_types: ["code"],
  redirect_uris: CODES.flatMap((code) => [`com.playerarc.connectors:/oauth/${code}`, `http://127.0.0.1/oauth/${code}`]),
});

// What was asked and what was given out. Only tests read it.
const journal = { calls: [], issued: [], devices: [], verifiers: [] };

function configuration() {
  return {
    clients: [
      native("native", "none"),
      native("basic", "client_secret_basic"),
      native("post", "client_secret_post"),
      {
        client_id: "machine",
        client_secret: SECRET,
        token_endpoint_auth_method: "client_secret_basic",
        grant_types: ["client_credentials"],
        response_types: [],
        redirect_uris: [],
      },
    ],
    scopes: SCOPES,
    cookies: { keys: [randomBytes(16).toString("hex")] },
    pkce: { methods: ["S256"], required: () => true },
    // By default it forgives 15 seconds after the end of a token.
    clockTolerance: 0,
    rotateRefreshToken: true,
    // Where it is asked whom a token is for; it is written down and changes nothing.
    extraParams: ["audience", "club"],
    features: {
      clientCredentials: { enabled: true },
      deviceFlow: { enabled: true },
      devInteractions: { enabled: true },
      introspection: { enabled: false },
      revocation: { enabled: true },
    },
    ttl: {
      AccessToken: seconds,
      ClientCredentials: seconds,
      AuthorizationCode: 60,
      DeviceCode: 600,
      RefreshToken: 86_400,
      Grant: 86_400,
      Interaction: 600,
      Session: 86_400,
      IdToken: 3600,
    },
  };
}

function keepJournal(provider) {
  for (const kind of ["access_token", "refresh_token", "authorization_code", "client_credentials", "device_code"]) {
    provider.on(`${kind}.saved`, (token) => {
      // A code is saved again when it is used up, and so is a replaced refresh token.
      if (!journal.issued.some((one) => one.value === token.jti)) {
        journal.issued.push({ kind, value: token.jti, grant: token.grantId ?? null });
      }
    });
  }
  const call = (ctx, error) => {
    const { grant_type, code_verifier, scope, audience } = ctx.oidc?.params ?? {};
    if (code_verifier) journal.verifiers.push(code_verifier);
    journal.calls.push({
      grant: grant_type ?? null,
      scope: scope ?? null,
      audience: audience ?? null,
      error: error?.error ?? null,
      detail: error?.error_detail ?? error?.error_description ?? null,
    });
  };
  provider.on("grant.success", (ctx) => call(ctx));
  provider.on("grant.error", call);
  provider.on("device_authorization.success", (ctx) => {
    journal.devices.push({ scope: ctx.oidc.params.scope ?? null, audience: ctx.oidc.params.audience ?? null, club: ctx.oidc.params.club ?? null });
  });
}

// Everything that people have agreed to is taken back, as an administrator of a federation can.
async function withdraw(provider) {
  const grants = new Set(journal.issued.map((one) => one.grant).filter(Boolean));
  for (const grant of grants) {
    for (const model of [provider.AccessToken, provider.RefreshToken, provider.AuthorizationCode, provider.DeviceCode]) {
      await model.revokeByGrantId(grant);
    }
    await provider.Grant.adapter.destroy(grant);
  }
}

// The protected resource: the provider itself says whether a token counts (a `find` returns none that
// has expired or was withdrawn).
async function resource(provider, url, authorization, answer) {
  const [, value] = /^Bearer ([\x21-\x7e]+)$/.exec(authorization ?? "") ?? [];
  const token = value && ((await provider.AccessToken.find(value)) ?? (await provider.ClientCredentials.find(value)));
  if (!token || (token.grantId && !(await provider.Grant.find(token.grantId)))) {
    return answer(401, { error: "invalid_token" }, { "www-authenticate": 'Bearer error="invalid_token"' });
  }
  if (!token.scopes.has("members.read")) {
    return answer(403, { error: "insufficient_scope" }, { "www-authenticate": 'Bearer error="insufficient_scope"' });
  }
  if (url.pathname === "/api/v1/me") return answer(200, { client: token.clientId, person: token.accountId ?? null });
  if (url.pathname === "/api/v1/members") {
    const first = (url.searchParams.get("page") ?? "1") === "1";
    const data = [1, 2, 3].map((number) => ({ id: `M${number}`, firstName: `First ${number}`, lastName: `Last ${number}` }));
    return answer(200, { data: first ? data : [] });
  }
  return answer(404, { error: "not_found" });
}

const server = createServer();
server.listen(0, "127.0.0.1", () => {
  const origin = `http://127.0.0.1:${server.address().port}`;
  const issuer = origin + given.path;
  const provider = new Provider(issuer, configuration());
  keepJournal(provider);
  const serve = provider.callback();
  server.on("request", async (request, response) => {
    const url = new URL(request.url, origin);
    const answer = (status, body, headers = {}) => {
      response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store", ...headers });
      response.end(JSON.stringify(body));
    };
    if (url.pathname === "/journal") return answer(200, journal);
    if (url.pathname === "/withdraw" && request.method === "POST") {
      await withdraw(provider);
      return answer(200, {});
    }
    if (url.pathname.startsWith("/api/")) return resource(provider, url, request.headers.authorization, answer);
    if (!url.pathname.startsWith(`${given.path}/`)) return answer(404, { error: "not_found" });
    // As a framework mounts it: the provider finds its path in the difference.
    request.originalUrl = request.url;
    request.url = request.url.slice(given.path.length);
    return serve(request, response);
  });
  console.log(JSON.stringify({ origin, issuer, secret: SECRET }));
});

process.stdin.resume();
process.stdin.on("end", () => process.exit());
process.stdin.on("error", () => process.exit());
