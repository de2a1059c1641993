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
  "paging.style": m.field_paging,
  "paging.start": m.field_page_start,
  "paging.page_param": m.field_page_param,
  "paging.size_param": m.field_size_param,
  "paging.size": m.field_page_size,
  "paging.records": m.field_records,
  "limits.requests_per_minute": m.field_rate,
  "limits.timeout_seconds": m.field_timeout,
  "network.proxy": m.field_proxy,
  "network.ca_file": m.field_ca,
  organisation: m.field_organisation,
  "credentials.api_key": m.field_api_key,
  "credentials.secondary_api_key": m.field_second_key,
  "credentials.username": m.field_username,
  "credentials.password": m.field_password,
  "credentials.expires_on": m.field_expires,
  "credentials.webhook_secret": m.field_webhook,
};

export function fieldLabel(field: string): string {
  return (LABELS[field] ?? LABELS[field.replace(/[.[].*$/, "")] ?? (field.startsWith("auth.headers") ? m.field_headers : () => field))();
}
