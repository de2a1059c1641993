// Invented files of members for development without the shell. Never part of a production build.

import type { ExportLookView, ImportLookView, ImportOutcomeView, ImportRequest, MemberExportRequest } from "../bindings/types";

const query = new URLSearchParams(location.search);

const NAMES: Record<string, string> = { foireann_members: "Foireann members export (CSV)", practice: "Practice federation" };

export function look(request: ImportRequest): ImportLookView {
  return {
    code: request.code ?? "football",
    org: request.org,
    template: request.template ?? "practice",
    template_name: NAMES[request.template ?? "practice"] ?? "Practice federation",
    rows: 272,
    left_out: query.has("broken") ? 2 : 0,
    faults: query.has("broken") ? [{ line: 18, fault: "broken_quoting" }, { line: 88, fault: "wrong_length" }, { line: 203, fault: "wrong_length" }] : [],
    missing: query.has("broken") ? ["Irish Forename", "Irish Surname"] : [],
    is_foreign: query.has("foreign"),
    needs_date_order: !query.has("nodates"),
    ambiguous_dates: 31,
    likely_date_order: "day_first",
  };
}

export const outcome: ImportOutcomeView = { matched: 4, previously_matched: 255, duplicates: 2, skipped: 3, un_matched: 8 };

export function exportLook(request: MemberExportRequest): ExportLookView {
  return {
    club: "Kilsample Rovers",
    people: 272,
    children: 141,
    without_birth: 6,
    fields: request.fields ?? ["external_id", "first_name", "last_name", "date_of_birth", "email", "phone"],
    sensitive: request.fields?.includes("medical_notes") ? ["medical_notes"] : [],
  };
}
