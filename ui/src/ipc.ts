// The only file that talks to Tauri. One typed function a command; every rejection becomes an `AppError`.

import { Channel, invoke as tauriInvoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";

import type {
  AuditListRequest,
  AuditListView,
  AuditVerifyView,
  AppSettings,
  BackupView,
  BulkPlansView,
  BulkRequest,
  CheckSetRequest,
  CheckSettingsView,
  CheckView,
  ClubChoicesView,
  FieldTake,
  LeaveOut,
  MatchChoiceView,
  PlanMovedView,
  ProposedMemberView,
  RunExportLookView,
  RunExportRequest,
  SyncMatchRequest,
  ClubConnectRequest,
  ClubHistoryView,
  ClubImportView,
  ClubListRequest,
  ClubListView,
  ClubLookUpView,
  ClubView,
  ConnectorAddRequest,
  ConnectorEditRequest,
  ConnectorListRequest,
  ConnectorListView,
  ConnectorSettings,
  ConnectorView,
  CredentialsSetRequest,
  DiscoveryRequest,
  DiscoveryView,
  DoctorLineView,
  EraseLookView,
  EraseView,
  ErrorView,
  ExportLookView,
  Event,
  FieldError,
  ImportLookView,
  ImportOutcomeView,
  ImportRequest,
  ImportView,
  InitialiseRequest,
  KeepMineView,
  KeyStatusView,
  MemberDetailView,
  MemberEditRequest,
  MemberExportRequest,
  MemberField,
  MemberListView,
  MemberSearchRequest,
  MemberSearchView,
  MemberView,
  TraceView,
  PlanKind,
  PlanPageView,
  PracticeView,
  CatalogueView,
  RequestLogView,
  RequestsLeftView,
  RequestView,
  RetentionRequest,
  RetentionRunView,
  RetentionView,
  RunListRequest,
  RunListView,
  RunRowView,
  RunView,
  NextRunView,
  SchedulePolicyRequest,
  ScheduleSetRequest,
  ScheduleView,
  SyncProgressView,
  TemplateListView,
  TemplatePartsView,
  TemplateSamplesRequest,
  TemplateSamplesView,
  TemplateSaveRequest,
  TemplateTryRequest,
  TemplateTryView,
  TemplateVersionView,
  TemplateView,
  TryRequest,
  SignInRequest,
  SignInStepView,
  SignOutView,
  SlotKind,
  Status,
  StatusView,
  TestDraftRequest,
  TestDraftView,
  TestReportView,
  TestStepView,
  UndoMembersView,
  UndoOutlookView,
  UndoView,
  BulkConnectorView,
  ErrorListRequest,
  ErrorListView,
  HealthDetailView,
  HealthExportLookView,
  HealthExportRequest,
  HealthFilter,
  HealthView,
  HomeView,
} from "./bindings/types";

/** What a command was refused with. `view` is what the product said; it never holds a secret. */
export class AppError extends Error {
  readonly view: ErrorView;

  constructor(view: ErrorView) {
    super(view.message);
    this.name = "AppError";
    this.view = view;
  }

  /** The broken fields, where the refusal is about fields. */
  get fields(): FieldError[] {
    return this.view.detail?.kind === "fields" ? this.view.detail.fields : [];
  }
}

type Invoke = (command: string, args?: Record<string, unknown>) => Promise<unknown>;
export type OnStep = (step: TestStepView) => void;
type OnAny<Step> = (step: Step) => void;

interface Backend {
  invoke: Invoke;
  onEvent: (handler: (event: Event) => void) => Promise<() => void>;
  steps: <Step>(onStep: OnAny<Step>) => unknown;
}

const tauri: Backend = {
  invoke: (command, args) => tauriInvoke(command, args),
  onEvent: (handler) => listen<Event>("app://event", (event) => handler(event.payload)),
  steps: <Step>(onStep: OnAny<Step>) => new Channel<Step>(onStep),
};

let backend: Promise<Backend> | undefined;

// In development without the shell, an invented backend answers. The condition is a constant in a
// production build, so that neither the branch nor the file it loads is part of it.
function connect(): Promise<Backend> {
  if (import.meta.env.DEV && !("__TAURI_INTERNALS__" in window)) {
    return import("./dev/fake").then((fake) => fake.backend);
  }
  return Promise.resolve(tauri);
}

function isErrorView(value: unknown): value is ErrorView {
  return typeof value === "object" && value !== null && "code" in value && "message" in value;
}

async function call<T, Step = never>(command: string, args?: Record<string, unknown>, onStep?: OnAny<Step>): Promise<T> {
  backend ??= connect();
  const { invoke, steps } = await backend;
  try {
    return (await invoke(command, onStep ? { ...args, onStep: steps(onStep) } : args)) as T;
  } catch (refusal) {
    if (isErrorView(refusal)) throw new AppError(refusal);
    throw new AppError({ code: "internal", message: String(refusal) });
  }
}

/** Calls `handler` for every piece of news; the answer stops it. */
export async function onEvent(handler: (event: Event) => void): Promise<() => void> {
  backend ??= connect();
  return (await backend).onEvent(handler);
}

export const app = {
  status: () => call<StatusView>("app_status"),
  initialise: (request: InitialiseRequest) => call<StatusView>("app_initialise", { request }),
  unlock: (passphrase?: string) => call<StatusView>("app_unlock", passphrase === undefined ? {} : { passphrase }),
  lock: () => call<StatusView>("app_lock"),
  doctor: () => call<DoctorLineView[]>("app_doctor"),
  windowReady: () => call<null>("window_ready"),
};

export const connector = {
  list: (request: ConnectorListRequest) => call<ConnectorListView>("connector_list", { request }),
  show: (code: string) => call<ConnectorView>("connector_show", { code }),
  add: (request: ConnectorAddRequest) => call<ConnectorView>("connector_add", { request }),
  edit: (request: ConnectorEditRequest) => call<ConnectorView>("connector_edit", { request }),
  check: (settings: ConnectorSettings, code?: string) =>
    call<FieldError[]>("connector_check", code === undefined ? { settings } : { settings, code }),
  setStatus: (code: string, status: Status) => call<ConnectorView>("connector_set_status", { code, status }),
  remove: (code: string) => call<ConnectorView>("connector_remove", { code }),
  restore: (code: string) => call<ConnectorView>("connector_restore", { code }),
  purge: (code: string) => call<null>("connector_purge", { code }),
  clone: (code: string, newCode: string) => call<ConnectorView>("connector_clone", { code, newCode }),
  exportSave: (code?: string) => call<string>("connector_export_save", code === undefined ? {} : { code }),
  import: (text: string) => call<ImportView>("connector_import", { text }),
  test: (code: string, organisation: string | undefined, onStep: OnStep) =>
    call<TestReportView>("connector_test", organisation ? { code, organisation } : { code }, onStep),
  testDraft: (request: TestDraftRequest, onStep: OnStep) =>
    call<TestDraftView>("connector_test_draft", { request }, onStep),
  testCancel: () => call<null>("test_cancel"),
};

export const credentials = {
  set: (request: CredentialsSetRequest) => call<ConnectorView>("credentials_set", { request }),
  revert: (code: string) => call<ConnectorView>("credentials_revert", { code }),
};

export const signIn = {
  /** Answers when the sign-in has ended, one way or the other; it can take ten minutes. */
  start: (request: SignInRequest, openBrowser: boolean, onStep: (step: SignInStepView) => void) =>
    call<ConnectorView, SignInStepView>("sign_in_start", { request, openBrowser }, onStep),
  openBrowser: (code: string) => call<null>("sign_in_open_browser", { code }),
  cancel: (code: string) => call<ConnectorView>("sign_in_cancel", { code }),
  /** The address that the browser ended at, as a person pasted it. */
  paste: (address: string) => call<ConnectorView>("sign_in_paste", { address }),
  out: (code: string) => call<SignOutView>("sign_out", { code }),
  discover: (request: DiscoveryRequest) => call<DiscoveryView>("sign_in_discover", { request }),
};

export const org = {
  list: (request: ClubListRequest) => call<ClubListView>("org_list", { request }),
  connectors: (org: string) => call<ClubHistoryView>("org_connectors", { org }),
  lookUp: (code: string, federationOrg: string) => call<ClubLookUpView>("org_look_up", { code, federationOrg }),
  connect: (request: ClubConnectRequest) => call<ClubView>("org_connect", { request }),
  disconnect: (code: string, org: string) => call<ClubView>("org_disconnect", { code, org }),
  import: (code: string, text: string) => call<ClubImportView>("org_import", { code, text }),
};

export const sync = {
  /** Answers when the plan is there; how far it is comes through `onProgress`. */
  preview: (code: string, org: string, onProgress: (far: SyncProgressView) => void) =>
    call<RunView, SyncProgressView>("sync_preview", { code, org }, onProgress),
  cancel: (code: string, org: string) => call<null>("sync_cancel", { code, org }),
  /** Perhaps without its leavers: they stay members. */
  apply: (run: string, allow: string[], leaveOut?: LeaveOut) =>
    call<RunView>("sync_apply", { request: leaveOut === undefined ? { run, allow } : { run, allow, leave_out: leaveOut } }),
  /** `take` is `federation`, `club`, or the value itself. */
  resolve: (run: string, number: number, field: MemberField, take: string) => call<RunView>("sync_resolve", { run, number, field, take }),
  /** Every conflict about `field`, for one side. */
  resolveSimilar: (run: string, field: MemberField, take: "federation" | "club") => call<RunView>("sync_resolve_similar", { run, field, take }),
  /** All members of the run, or those that are chosen. */
  undo: (run: string, members?: string[]) => call<UndoView>("sync_undo", members === undefined ? { run } : { run, members }),
  undoOutlook: (run: string) => call<UndoOutlookView>("sync_undo_outlook", { run }),
  undoMembers: (run: string, after: string | null, limit: number) => call<UndoMembersView>("sync_undo_members", { run, after, limit }),
  keepMine: (code: string, org: string) => call<KeepMineView>("sync_keep_mine", { code, org }),
  runs: (request: RunListRequest) => call<RunListView>("sync_runs", { request }),
  runRow: (run: string) => call<RunRowView>("sync_run_row", { run }),
  /** The plans that wait, apart by whether they may be applied without a look. */
  safePlans: (request: BulkRequest) => call<BulkPlansView>("sync_safe_plans", { request }),
  saveSummary: (run: string) => call<string>("sync_run_summary_save", { run }),
  applyAgain: (code: string, org: string) => call<null>("sync_apply_again", { code, org }),
  run: (run: string) => call<RunView>("sync_run", { run }),
  history: (code: string, org: string, limit: number) => call<RunView[]>("sync_history", { code, org, limit }),
  /** Rows of one kind, by name; `after` is what the page before said about its next one. */
  plan: (run: string, kind: PlanKind, after: string | null, limit: number) => call<PlanPageView>("sync_plan", { run, kind, after, limit }),
};

/** What a person decides about a sync once and for good, and plans and runs as files. */
export const decisions = {
  moved: (run: string) => call<PlanMovedView>("sync_moved", { run }),
  proposed: (run: string, row: number) => call<ProposedMemberView[]>("sync_proposed", { run, row }),
  match: (request: SyncMatchRequest) => call<RunView>("sync_match", { request }),
  choices: (code: string, org: string) => call<ClubChoicesView>("sync_choices", { code, org }),
  ofMember: (member: string) => call<MatchChoiceView[]>("member_choices", { member }),
  forgetMatch: (code: string, org: string, choice: string) => call<null>("sync_forget_match", { code, org, choice }),
  /** Without `take` it is forgotten. */
  chooseField: (code: string, org: string, field: MemberField, take: FieldTake | null) => call<null>("sync_choose_field", { code, org, field, take }),
  exportLook: (request: RunExportRequest) => call<RunExportLookView>("run_export_look", { request }),
  exportSave: (request: RunExportRequest) => call<string>("run_export_save", { request }),
};

export const schedules = {
  /** Without a club: of the connector. */
  show: (code: string, org: string | null) => call<ScheduleView>("schedule_show", { code, org }),
  preview: (schedule: string, timeZone: string) => call<NextRunView[]>("schedule_preview", { schedule, timeZone }),
  set: (code: string, org: string | null, request: ScheduleSetRequest) => call<ScheduleView>("schedule_set", { code, org, request }),
  policy: (code: string, org: string | null, request: SchedulePolicyRequest) => call<ScheduleView>("schedule_policy", { code, org, request }),
  answer: (code: string, org: string, run: boolean) => call<ScheduleView>("schedule_answer", { code, org, run }),
};

export const member = {
  list: (code: string, org: string, after: string | null, limit: number) => call<MemberListView>("member_list", { code, org, after, limit }),
  edit: (request: MemberEditRequest) => call<MemberView>("member_edit", { request }),
  search: (request: MemberSearchRequest) => call<MemberSearchView>("member_search", { request }),
  show: (member: string) => call<MemberDetailView>("member_show", { member }),
  trace: (member: string, field: MemberField) => call<TraceView>("member_trace", { member, field }),
  takeFederation: (member: string, version: number, fields: MemberField[]) =>
    call<MemberDetailView>("member_take_federation", { member, version, fields }),
  /** What erasing would do. */
  eraseLook: (member: string) => call<EraseLookView>("member_erase_look", { member }),
  erase: (member: string, purgeBackups: boolean) => call<EraseView>("member_erase", { member, purgeBackups }),
  /** Lets a person in again who was erased. */
  allowAgain: (code: string, org: string, externalId: string) => call<null>("member_allow_again", { code, org, externalId }),
};

/** Files of members; `file` is the file itself in base64. */
export const files = {
  look: (request: ImportRequest, file: string) => call<ImportLookView>("import_look", { request, file }),
  /** `sync.cancel` stops it. */
  plan: (request: ImportRequest, file: string, onProgress: (far: SyncProgressView) => void) =>
    call<RunView, SyncProgressView>("import_plan", { request, file }, onProgress),
  outcome: (run: string) => call<ImportOutcomeView>("import_outcome", { run }),
  exportLook: (request: MemberExportRequest) => call<ExportLookView>("member_export_look", { request }),
  exportSave: (request: MemberExportRequest) => call<string>("member_export_save", { request }),
  templates: () => call<TemplateListView>("template_list"),
};

export const templates = {
  show: (id: string) => call<TemplateView>("template_show", { id }),
  parts: () => call<TemplatePartsView>("template_parts"),
  /** `file` is a CSV file in base64, where rows of one are asked for. */
  samples: (request: TemplateSamplesRequest, file: string | null) => call<TemplateSamplesView>("template_samples", { request, file }),
  dropSamples: () => call<null>("template_samples_drop"),
  try: (request: TemplateTryRequest) => call<TemplateTryView>("template_try", { request }),
  save: (request: TemplateSaveRequest) => call<TemplateView>("template_save", { request }),
  versions: (id: string) => call<TemplateVersionView[]>("template_versions", { id }),
  version: (id: string, version: number) => call<TemplateView>("template_version", { id, version }),
  restore: (id: string, version: number, expectedVersion: number) => call<TemplateView>("template_restore", { id, version, expectedVersion }),
  delete: (id: string) => call<null>("template_delete", { id }),
};

export const requests = {
  /** Newest first; `before` is what the page before said about its next one. */
  log: (code: string, before?: string) => call<RequestLogView>("request_log", before === undefined ? { code } : { code, before }),
  left: (code: string) => call<RequestsLeftView>("request_left", { code }),
  try: (request: TryRequest) => call<RequestView>("request_try", { request }),
};

/** Checks. Without a code: of all connectors. */
export const checks = {
  settings: (code?: string) => call<CheckSettingsView>("check_settings", code === undefined ? {} : { code }),
  set: (request: CheckSetRequest) => call<CheckSettingsView>("check_set", { request }),
};

export const catalogue = {
  list: () => call<CatalogueView>("catalogue_list"),
};

export const practice = {
  status: () => call<PracticeView>("practice_status"),
  start: () => call<PracticeView>("practice_start"),
  stop: () => call<PracticeView>("practice_stop"),
  connect: (onStep: OnStep) => call<ConnectorView>("practice_connect", {}, onStep),
};

export const key = {
  status: () => call<KeyStatusView>("key_status"),
  addPassphrase: (passphrase: string) => call<KeyStatusView>("key_add_passphrase", { passphrase }),
  addKeychain: () => call<KeyStatusView>("key_add_keychain"),
  removeSlot: (kind: SlotKind) => call<KeyStatusView>("key_remove_slot", { kind }),
  rotate: () => call<KeyStatusView>("key_rotate"),
};

export const db = {
  backup: () => call<BackupView>("db_backup"),
  backups: () => call<BackupView[]>("db_backups"),
  restore: (path: string) => call<StatusView>("db_restore", { path }),
  check: () => call<CheckView>("db_check"),
};

/** How long personal data is kept. */
export const retention = {
  show: () => call<RetentionView>("retention_show"),
  set: (request: RetentionRequest) => call<RetentionView>("retention_set", { request }),
  run: (dryRun: boolean) => call<RetentionRunView>("retention_run", { dryRun }),
};

export const settings = {
  show: () => call<AppSettings>("settings_show"),
  set: (settings: AppSettings) => call<AppSettings>("settings_set", { settings }),
};

/** The log of what was done, and its check. */
export const audit = {
  list: (request: AuditListRequest) => call<AuditListView>("audit_list", { request }),
  verify: () => call<AuditVerifyView>("audit_verify"),
};

/** What recorded checks and requests say, what failed, and what is done about many connectors at once. */
export const health = {
  home: () => call<HomeView>("home_show"),
  list: (filter: HealthFilter) => call<HealthView[]>("health_list", { filter }),
  show: (code: string) => call<HealthDetailView>("health_show", { code }),
  errors: (request: ErrorListRequest) => call<ErrorListView>("error_list", { request }),
  clear: (code: string) => call<HealthView>("error_clear", { code }),
  /** A text for an e-mail, without a name: about the connector as it stands, or about one error. */
  text: (code: string, errorId?: string) => call<string>("failure_text", errorId === undefined ? { code } : { code, errorId }),
  checkAll: (filter: HealthFilter) => call<BulkConnectorView[]>("check_all", { filter }),
  pauseAll: (filter: HealthFilter) => call<BulkConnectorView[]>("bulk_pause", { filter }),
  resumeAll: (filter: HealthFilter) => call<BulkConnectorView[]>("bulk_resume", { filter }),
  clearAll: (filter: HealthFilter) => call<BulkConnectorView[]>("bulk_clear_errors", { filter }),
  exportLook: (request: HealthExportRequest) => call<HealthExportLookView>("health_export_look", { request }),
  /** Saves it in the Downloads folder; the answer is its path. */
  exportSave: (request: HealthExportRequest) => call<string>("health_export_save", { request }),
};
