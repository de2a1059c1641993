// Invented erasing for development without the shell. `?backups=0` has none, `?aside` a copy that was set aside, `?test` a
// connector for testing. Never part of a production build.

import type { EraseLookView, EraseView, ErrorView, RetentionRequest, RetentionRunView, RetentionView } from "../bindings/types";
import { removeMember, showMember } from "./members";

const query = new URLSearchParams(location.search);
const backups = Number(query.get("backups") ?? 6);
const aside = query.has("aside") ? 1 : 0;
let kept: RetentionView = { leavers_months: null, undo_days: 30, plan_days: 30, request_days: 30, error_days: 400 };
let old: RetentionRunView = { dry_run: true, leavers: 0, plan_rows: 118, undo_rows: 64, plans: 1, requests: 1204, errors: 12, later: query.has("later") ? 2 : 0 };
const cleanBy = () => Date.now() + 8 * 86_400_000;

// Arguments are taken as they come; the typed side is `ipc.ts`.
export const eraseCommands = (changed: () => void, refuse: (code: ErrorView["code"]) => never): Record<string, (args: any) => unknown> => ({
  member_erase_look: ({ member }: { member: string }): EraseLookView => {
    const shown = showMember(member) ?? refuse("not_found");
    return {
      environment: query.has("test") ? "test" : "live", connector_name: shown.connector_name, plan_rows: 11, undo_rows: 3, decisions: 1, backups, set_aside: aside,
      backups_clean_by: cleanBy(),
    };
  },
  member_erase: async ({ member, purgeBackups }: { member: string; purgeBackups: boolean }): Promise<EraseView> => {
    await new Promise((resolve) => setTimeout(resolve, 400));
    if (query.has("making")) refuse("changed_meanwhile");
    removeMember(member);
    changed();
    return {
      members: 1, plan_rows: 11, undo_rows: 3, decisions: 1, requests: 0, plans_dropped: 0, file_is_clean: true, purged: purgeBackups ? backups + aside : null,
      purge_problem: null, backups: purgeBackups ? 0 : backups, set_aside: purgeBackups ? 0 : aside, backups_clean_by: purgeBackups || backups === 0 ? null : cleanBy(),
    };
  },
  retention_show: () => kept,
  retention_set: ({ request }: { request: RetentionRequest }) => {
    old = { ...old, leavers: request.leavers_months === null ? 0 : 480 / request.leavers_months };
    return (kept = { ...kept, leavers_months: request.leavers_months, request_days: request.request_days ?? kept.request_days });
  },
  retention_run: async ({ dryRun }: { dryRun: boolean }) => {
    await new Promise((resolve) => setTimeout(resolve, 300));
    const answer = { ...old, dry_run: dryRun };
    if (!dryRun) old = { ...old, leavers: 0, plan_rows: 0, undo_rows: 0, plans: 0, requests: 0 };
    return answer;
  },
  member_allow_again: ({ externalId }: { externalId: string }) => (externalId.startsWith("SW") ? null : refuse("not_found")),
});
