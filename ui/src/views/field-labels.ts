// The label of a setting by its dotted key, for the summary of errors; the key itself where none is known.

import { m } from "../paraglide/messages.js";

const LABELS: Record<string, () => string> = {
  name: m.field_name,
  code: m.field_code,
  "endpoints.base": m.field_base,
  "endpoints.membership_list": m.field_list_path,
  "endpoints.member_detail": m.field_detail_path,
  "endpoints.verify": m.field_verify,
  "auth.kind": m.field_auth_kind,
  "auth.header": m.field_header,
  "auth.prefix": m.field_prefix,
  "auth.query": m.field_query,
  "auth.headers": m.field_headers,
  "auth.grant": m.field_grant,
  "auth.issuer": m.field_issuer,
  "auth.authorization_endpoint": m.field_authorization_endpoint,
  "auth.token_endpoint": m.field_token_endpoint,
  "auth.revocation_endpoint": m.field_revocation_endpoint,
  "auth.device_authorization_endpoint": m.field_device_endpoint,
  "auth.scopes": m.field_scopes,
  "auth.audience": m.field_audience,
  "auth.redirect": m.field_redirect,
  "auth.loopback_port": m.field_loopback_port,
  "auth.redirect_path": m.field_redirect_path,
  "auth.client_authentication": m.field_client_authentication,
  "auth.extra_parameters": m.field_parameters,
  "auth.two_step": m.field_two_step_url,
  "auth.two_step.url": m.field_two_step_url,
  "auth.two_step.body": m.field_two_step_body,
  "auth.two_step.token_path": m.field_token_path,
  "auth.two_step.expires_path": m.field_expires_path,
  "auth.two_step.lifetime_seconds": m.field_lifetime,
  "auth.two_step.content_type": m.field_content_type,
  "paging.style": m.field_paging,
  "paging.start": m.field_page_start,
  "paging.page_param": m.field_page_param,
  "paging.size_param": m.field_size_param,
  "paging.size": m.field_page_size,
  "paging.records": m.field_records,
  "paging.next": m.field_next_link,
  "paging.more": m.field_more,
  "paging.total": m.field_total,
  "paging.total_pages": m.field_total_pages,
  "paging.total_header": m.field_total_header,
  "paging.keys": m.field_keys,
  "records.format": m.field_format,
  "records.delimiter": m.field_delimiter,
  "limits.requests_per_minute": m.field_rate,
  "limits.timeout_seconds": m.field_timeout,
  "network.proxy": m.field_proxy,
  "network.ca_file": m.field_ca,
  organisation: m.field_organisation,
  "credentials.api_key": m.field_api_key,
  "credentials.secondary_api_key": m.field_second_key,
  "credentials.username": m.field_username,
  "credentials.password": m.field_password,
  "credentials.client_id": m.field_client_id,
  "credentials.client_secret": m.field_client_secret,
  "credentials.private_key": m.field_private_key,
  "credentials.private_key_password": m.field_private_key_password,
  "credentials.secret": m.field_first_secret,
  "credentials.expires_on": m.field_expires,
  "credentials.webhook_secret": m.field_webhook,
};

export function fieldLabel(field: string): string {
  // A part of a field, e.g. one row of several, has the label of the whole.
  for (let name = field; name !== ""; name = name.slice(0, Math.max(0, name.lastIndexOf(".")))) {
    const label = LABELS[name];
    if (label) return label();
  }
  return field;
}
