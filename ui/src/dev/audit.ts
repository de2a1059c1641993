// An invented audit log for development without the shell; `?audit=<problem>` breaks it. Never part of a production build.

import type { AuditArea, AuditEntryView, AuditListRequest, AuditListView, AuditProblemView, AuditVerifyView } from "../bindings/types";

const HOUR = 3_600_000;
const query = new URLSearchParams(location.search);

type Told = Partial<AuditEntryView> & Pick<AuditEntryView, "what"> & { area: AuditArea };
const CLUB = { code: "gaa_foireann", connector_name: "GAA Foireann", org: "st-brigids", club_name: "St Brigid’s" };

const ACTS: Told[] = [
  { what: "sync_applied", area: "syncs", who: "schedule", ...CLUB, counts: { creates: 12, updates: 3, unchanged: 257 } },
  { what: "member_edited", area: "members", ...CLUB, about_member: true, fields: ["phone", "guardian_phone"] },
  { what: "members_exported", area: "members", ...CLUB, fields: ["last_name", "first_name", "date_of_birth"], words: ["csv"], counts: { people: 272, children: 188 } },
  { what: "connector_edited", area: "connectors", code: "hello_club", connector_name: "Hello Club", fields: ["endpoints.base"], words: ["credentials"] },
  { what: "backup_made", area: "file", who: "itself", words: ["daily"] },
  { what: "sync_resolved", area: "syncs", ...CLUB, about_member: true, fields: ["email"], words: ["club"], counts: { decided: 1 } },
  { what: "sync_undone", area: "syncs", who: "command_line", ...CLUB, counts: { undone: 15, edited_later: 1 } },
  { what: "sync_applied", area: "syncs", ...CLUB, words: ["too_many_leavers"], counts: { creates: 2, leavers: 61 } },
  { what: "signed_in", area: "access", code: "hello_club", connector_name: "Hello Club" },
  { what: "member_edited", area: "members", ...CLUB, about_member: true, erased: true, fields: ["town"] },
  { what: "clubs_imported", area: "clubs", who: "command_line", code: "gaa_foireann", connector_name: "GAA Foireann", counts: { connected: 14, already: 2, refused: 1 } },
  { what: "schedule_policy_set", area: "schedules", code: "gaa_foireann", connector_name: "GAA Foireann", fields: ["policy"], counts: { clubs: 14 } },
  { what: "key_passphrase_set", area: "file" },
  { what: "not_done", area: "file", words: ["key_passphrase_set"] },
  { what: "settings_changed", area: "file", fields: ["theme"] },
];

const log: AuditEntryView[] = Array.from({ length: 68 }, (_, place) => {
  const act: Told = place === 67 ? { what: "log_begun", area: "file", who: "itself" } : (ACTS[place % ACTS.length] ?? ACTS[0]!);
  return {
    number: 68 - place,
    at: Date.now() - (place * place + 1) * HOUR,
    who: "window",
    code: null,
    connector_name: null,
    org: null,
    club_name: null,
    run_id: null,
    about_member: false,
    erased: false,
    fields: [],
    words: [],
    counts: {},
    ...act,
  };
});

function list(request: AuditListRequest): AuditListView {
  const fits = log.filter(
    (entry) =>
      (request.area === undefined || entry.area === request.area) &&
      (request.code === undefined || entry.code === request.code) &&
      (request.from === undefined || entry.at >= request.from) &&
      (request.before === undefined || entry.number < request.before),
  );
  const rows = fits.slice(0, request.limit ?? 100);
  return { rows, next: fits.length > rows.length ? (rows.at(-1)?.number ?? null) : null };
}

const PROBLEMS: Record<string, AuditProblemView> = {
  changed: { kind: "changed", entry: 41 },
  gap: { kind: "gap", entry: 41, found: 43 },
  cut: { kind: "cut_off", entry: 69, anchored: 72 },
  replaced: { kind: "replaced", entry: 52 },
  empty: { kind: "empty" },
};

function verify(): AuditVerifyView {
  const wanted = query.get("audit") ?? "";
  const problem = PROBLEMS[wanted] ?? null;
  return {
    ok: problem === null,
    entries: 68,
    first_at: log.at(-1)?.at ?? null,
    last_at: log[0]?.at ?? null,
    problem,
    anchor: wanted === "missing" ? "missing" : "there",
    anchored: wanted === "missing" ? null : 66,
    anchored_at: Date.now() - HOUR,
  };
}

export const auditCommands = {
  audit_list: ({ request }: { request: AuditListRequest }) => list(request),
  audit_verify: async () => {
    await new Promise<void>((resolve) => setTimeout(resolve, 300));
    return verify();
  },
};
