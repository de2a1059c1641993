// Words of the closed sets of a sign-in, in the order in which they are offered.

import type { BodyFormat, ClientAuthentication, Grant, Redirect } from "../bindings/types";
import { m } from "../paraglide/messages.js";

type Words<Word extends string> = Record<Word, () => string>;

export const GRANTS: Words<Grant> = {
  authorization_code: m.grant_authorization_code,
  client_credentials: m.grant_client_credentials,
  device_code: m.grant_device_code,
  jwt_bearer: m.grant_jwt_bearer,
};

export const REDIRECTS: Words<Redirect> = { "deep-link": m.redirect_deep_link, loopback: m.redirect_loopback };

export const CLIENT_PROOFS: Words<ClientAuthentication> = { none: m.client_none, basic: m.client_basic, body: m.client_body };

export const BODIES: Words<BodyFormat> = { json: m.body_json, form: m.body_form };
