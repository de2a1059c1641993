// Invented decisions about syncs for development without the shell: `?members=` as in `sync.ts`. Never part of a production build.

import type { ClubChoicesView, FieldChoiceView, FieldTake, MatchChoiceView, MemberField, MemberView, PlanMovedView, ProposedMemberView, RunExportLookView } from "../bindings/types";

const DAY = 86_400_000;
const member = (place: number, values: MemberView["values"]): MemberView => ({ member_id: `0191-member-${place}`, values, edited: [], left_at: null, version: 1 });
const AOIFE = { external_id: "SW-1204", first_name: "Aoife", last_name: "Ní Dhomhnaill", date_of_birth: "2010-05-01", email: "aoife.sampla@example.ie", town: "Cill Dubhán", membership_type: "Juvenile" };
const proposed: ProposedMemberView[] = [
  { member: member(1, AOIFE), matched: false },
  { member: member(2, { ...AOIFE, external_id: "SW-0988", town: "Rathbrack", email: "ni.dhomhnaill@example.ie" }), matched: true },
];
const moved: PlanMovedView = {
  members: [
    { row: 4, external_id: "SW-20004", name: "Oisín McCarthy", what: { kind: "changed", fields: ["phone", "email"] } },
    { row: 9, external_id: "SW-20009", name: "Gráinne Ó Sé", what: { kind: "gone" } },
  ],
  more: false,
};
let fields: FieldChoiceView[] = [{ field: "phone", take: "club", chosen_at: Date.now() - 9 * DAY }];
let matches: MatchChoiceView[] = [
  { choice_id: "a".repeat(64), choice: "member", member: member(1, AOIFE), chosen_at: Date.now() - 3 * DAY },
  { choice_id: "b".repeat(64), choice: "leave", member: null, chosen_at: Date.now() - 20 * DAY },
];

// Arguments are taken as they come; the typed side is `ipc.ts`.
export const choiceCommands: Record<string, (args: any) => unknown> = {
  sync_moved: () => moved,
  sync_proposed: ({ row }: { row: number }) => (row % 3 === 0 ? proposed : proposed.slice(0, 1)),
  sync_choices: (): ClubChoicesView => ({ fields, matches }),
  member_choices: () => matches.slice(0, 1),
  sync_forget_match: ({ choice }: { choice: string }) => {
    matches = matches.filter((one) => one.choice_id !== choice);
    return null;
  },
  sync_choose_field: ({ field, take }: { field: MemberField; take: FieldTake | null }) => {
    fields = [...fields.filter((one) => one.field !== field), ...(take === null ? [] : [{ field, take, chosen_at: Date.now() }])];
    return null;
  },
  run_export_look: ({ request }: { request: { sensitive: boolean } }): RunExportLookView => ({
    club: "Kilsample Rovers", connector: "gaa_foireann", applied: false, counts: { creates: 9, updates: 27, unchanged: 0, conflicts: 1, leavers: 0, problems: 2 },
    people: 39, children: 31, without_birth: 0, fields: ["phone", "town"], sensitive: request.sensitive ? ["medical_notes"] : [],
  }),
  run_export_save: () => "/home/aoife/Downloads/sync-changes.csv",
};
