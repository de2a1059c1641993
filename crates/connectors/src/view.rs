//! What crosses the border: `…View` goes out, `…Request` comes in. The window's TypeScript types
//! are made from here; `fedctl --json` prints the same. No type here can carry a secret out.

mod app;
mod apply;
mod audit;
mod bulk;
mod checks;
mod choice;
mod club;
mod connection_test;
mod connector;
mod credentials;
mod diagnostics;
mod erase;
mod error;
mod export;
mod health;
mod home;
mod import;
mod member;
mod notice;
mod requests;
mod retention;
mod run;
mod run_export;
mod schedule;
mod sign_in;
mod sync;
mod template;
mod template_draft;
mod template_form;
mod undo;

pub use app::{
    AppSettings, AppStateView, BackupView, CheckView, Contrast, DoctorLineView, FileView,
    InitialiseRequest, KeyStatusView, PracticeView, RoleView, SlotKind, SlotView, StatusView,
    Theme,
};
pub use apply::{LeaveOut, MovedMemberView, MovedWhat, PlanMovedView, SyncApplyRequest};
pub use audit::{
    AuditAnchorState, AuditEntryView, AuditListRequest, AuditListView, AuditProblemView,
    AuditVerifyView,
};
pub use bulk::{BulkOutcomeView, BulkPlansView, BulkProgressView, BulkRequest, BulkState};
pub use checks::{CheckEvery, CheckSetRequest, CheckSettingsView, NetworkTroubleView};
pub use choice::{
    ClubChoicesView, FieldChoiceView, FieldTake, MatchAs, MatchChoiceView, ProposedMemberView,
    SyncMatchRequest,
};
pub use club::{
    ClubConnectRequest, ClubEventKind, ClubEventView, ClubHistoryView, ClubImportLineView,
    ClubImportOutcome, ClubImportView, ClubListRequest, ClubListView, ClubLookUpView,
    ClubScheduleView, ClubSort, ClubState, ClubView, PlanWaits,
};
pub use connection_test::{
    RequestView, StepName, TestDraftRequest, TestDraftView, TestReportView, TestStepView,
};
pub use connector::{
    ConnectorAddRequest, ConnectorEditRequest, ConnectorFilter, ConnectorListRequest,
    ConnectorListView, ConnectorRowView, ConnectorSort, ConnectorView, CountsView, EventKind,
    EventView, HealthState, ImportRefusalView, ImportView, Status,
};
pub use credentials::{CredentialsRequest, CredentialsSetRequest, CredentialsStateView};
pub use diagnostics::{DiagnosticsFileView, DiagnosticsView};
pub use erase::{EraseLookView, EraseView};
pub use error::{ErrorDetailView, ErrorView};
pub use export::{ExportFormat, ExportLookView, MemberExportRequest};
pub use health::{
    BeatOutcome, BeatView, BulkConnectorView, ErrorEntryView, ErrorListRequest, ErrorListView,
    ErrorSource, HealthAction, HealthDetailView, HealthExportLookView, HealthExportRequest,
    HealthFilter, HealthView, ResponsePointView,
};
pub use home::{
    AttentionKind, AttentionView, ComingRunKind, ComingRunView, HomeConnectorView, HomeView,
};
pub use import::{ImportFault, ImportLookView, ImportOutcomeView, ImportRequest, ImportRowView};
pub use member::{
    MemberDetailView, MemberFilter, MemberRowView, MemberSearchRequest, MemberSearchView,
    MemberSort, MemberValueView, TraceKind, TraceStepView, TraceView, ValueSource,
};
pub use notice::{NoticeOutcome, NoticeTestView, NoticeView, OnAtFirst};
pub use requests::{AttemptView, RequestLogView, RequestsLeftView, TryRequest};
pub use retention::{RetentionRequest, RetentionRunView, RetentionView};
pub use run::{RunGroup, RunGroupCountView, RunListRequest, RunListView, RunRowView};
pub use run_export::{RunExportLookView, RunExportRequest};
pub use schedule::{
    ClockChange, DueOutcome, DueOutcomeView, MissedPolicy, MissedQuestionView, NextRunView,
    SchedulePolicy, SchedulePolicyRequest, ScheduleSetRequest, ScheduleState, ScheduleView,
};
pub use sign_in::{
    DiscoveryRequest, DiscoveryView, PkceSupport, RevocationView, SignInRequest, SignInState,
    SignInStepView, SignInView, SignOutView,
};
pub use sync::{
    AskedBy, GuardView, MemberChange, MemberEditRequest, MemberListView, MemberView,
    PlanCountsView, PlanFieldView, PlanKind, PlanPageView, PlanRowView, RunSource, RunState,
    RunView, SyncProgressView, UndoView,
};
pub use template::{
    RecordTraceView, TemplateListView, TemplatePlace, TemplateRowView, TemplateTestView,
    TemplateUserView, TemplateVersionView, TemplateView,
};
pub use template_draft::{
    SamplePathView, TemplateDraft, TemplatePartsView, TemplateSamplesRequest, TemplateSamplesView,
    TemplateSaveRequest, TemplateTryRequest, TemplateTryView,
};
pub use template_form::{
    GenderWordForm, LookupForm, LookupRowForm, StatusWordForm, TemplateFieldForm, TemplateForm,
    ValueCheckForm,
};

pub use undo::{KeepMineView, UndoMemberView, UndoMembersView, UndoOutlookView};

pub use crate::audit::{Actor, AuditArea, AuditWhat};
pub use crate::catalogue::{
    Capability, CatalogueView, MemberField, Origin, PresetProblemView, PresetVariableView,
    PresetView, Verified,
};
pub use crate::error::{Code, FieldError, FieldRule, LockReason};
pub use crate::failure::{FailureClass, Finding};
pub use crate::members::{
    DateOrder, FieldTrace, Lookup, Mapping, MemberGender, MemberStatus, Otherwise, Problem,
    ProblemKind, Template, Transform, ValueCheck, WarningKind,
};
pub use crate::settings::{
    AuthKind, AuthSettings, BodyFormat, ClientAuthentication, ConflictStrategy, ConnectorSettings,
    EndpointSettings, Environment, ErrorMeaning, ErrorRule, Grant, HeaderSetting, LimitSettings,
    NameValueSettings, NetworkSettings, PagingSettings, PagingStyle, RecordFormat, RecordSettings,
    Redirect, SyncSettings, TwoStepSettings,
};
