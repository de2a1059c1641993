//! The window's TypeScript types are made from the Rust wire types and committed; this test fails
//! when they differ. `UPDATE_BINDINGS=1 cargo test --test bindings` writes them anew.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    missing_docs,
    reason = "a failing test panics"
)]

use std::collections::BTreeMap;

use connectors::view;
use federation_connectors_shell::events;
use ts_rs::{Config, TS, TypeVisitor};

struct Declarations<'a> {
    config: &'a Config,
    found: BTreeMap<String, String>,
}

impl TypeVisitor for Declarations<'_> {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        // Types without a place of their own (numbers, strings, lists) need no declaration.
        if T::output_path().is_none() {
            return;
        }
        let name = T::ident(self.config);
        if self.found.contains_key(&name) {
            return;
        }
        let docs = T::docs().unwrap_or_default();
        self.found
            .insert(name, format!("{docs}export {}\n", T::decl(self.config)));
        T::visit_dependencies(self);
    }
}

#[test]
#[allow(clippy::too_many_lines, reason = "a line a type")]
fn the_committed_typescript_types_are_the_rust_ones() {
    let config = Config::new();
    let mut all = Declarations {
        config: &config,
        found: BTreeMap::new(),
    };
    all.visit::<view::ErrorView>();
    all.visit::<view::HomeView>();
    all.visit::<view::StatusView>();
    all.visit::<view::InitialiseRequest>();
    all.visit::<view::ConnectorListRequest>();
    all.visit::<view::ConnectorListView>();
    all.visit::<view::ConnectorView>();
    all.visit::<view::ConnectorAddRequest>();
    all.visit::<view::ConnectorEditRequest>();
    all.visit::<view::CredentialsSetRequest>();
    all.visit::<view::TestDraftRequest>();
    all.visit::<view::TestDraftView>();
    all.visit::<view::ImportView>();
    all.visit::<view::KeyStatusView>();
    all.visit::<view::BackupView>();
    all.visit::<view::CheckView>();
    all.visit::<view::HealthDetailView>();
    all.visit::<view::HealthView>();
    all.visit::<view::HealthFilter>();
    all.visit::<view::HealthExportRequest>();
    all.visit::<view::HealthExportLookView>();
    all.visit::<view::BulkConnectorView>();
    all.visit::<view::CheckSetRequest>();
    all.visit::<view::CheckSettingsView>();
    all.visit::<view::ErrorListRequest>();
    all.visit::<view::ErrorListView>();
    all.visit::<view::HomeView>();
    all.visit::<view::ScheduleView>();
    all.visit::<view::AuditListRequest>();
    all.visit::<view::AuditListView>();
    all.visit::<view::AuditVerifyView>();
    all.visit::<view::ScheduleSetRequest>();
    all.visit::<view::SchedulePolicyRequest>();
    all.visit::<view::DoctorLineView>();
    all.visit::<view::AppSettings>();
    all.visit::<view::PracticeView>();
    all.visit::<view::CatalogueView>();
    all.visit::<view::ClubConnectRequest>();
    all.visit::<view::ClubHistoryView>();
    all.visit::<view::ClubImportView>();
    all.visit::<view::ClubListRequest>();
    all.visit::<view::ClubListView>();
    all.visit::<view::ClubLookUpView>();
    all.visit::<view::ImportRequest>();
    all.visit::<view::ImportLookView>();
    all.visit::<view::ImportOutcomeView>();
    all.visit::<view::MemberExportRequest>();
    all.visit::<view::ExportLookView>();
    all.visit::<view::TemplateListView>();
    all.visit::<view::TemplateView>();
    all.visit::<view::TemplateVersionView>();
    all.visit::<view::TemplateSaveRequest>();
    all.visit::<view::TemplateTryRequest>();
    all.visit::<view::TemplateTryView>();
    all.visit::<view::TemplateSamplesRequest>();
    all.visit::<view::TemplateSamplesView>();
    all.visit::<view::TemplatePartsView>();
    all.visit::<view::RunView>();
    all.visit::<view::SyncProgressView>();
    all.visit::<view::SyncApplyRequest>();
    all.visit::<view::PlanMovedView>();
    all.visit::<view::ProposedMemberView>();
    all.visit::<view::SyncMatchRequest>();
    all.visit::<view::ClubChoicesView>();
    all.visit::<view::RunExportRequest>();
    all.visit::<view::RunExportLookView>();
    all.visit::<view::PlanPageView>();
    all.visit::<view::UndoView>();
    all.visit::<view::RunListRequest>();
    all.visit::<view::RunListView>();
    all.visit::<view::UndoMembersView>();
    all.visit::<view::UndoOutlookView>();
    all.visit::<view::KeepMineView>();
    all.visit::<view::BulkRequest>();
    all.visit::<view::BulkPlansView>();
    all.visit::<view::MemberListView>();
    all.visit::<view::MemberEditRequest>();
    all.visit::<view::MemberSearchRequest>();
    all.visit::<view::MemberSearchView>();
    all.visit::<view::MemberDetailView>();
    all.visit::<view::TraceView>();
    all.visit::<view::EraseLookView>();
    all.visit::<view::EraseView>();
    all.visit::<view::RetentionView>();
    all.visit::<view::RetentionRequest>();
    all.visit::<view::RetentionRunView>();
    all.visit::<view::RequestView>();
    all.visit::<view::RequestLogView>();
    all.visit::<view::RequestsLeftView>();
    all.visit::<view::TryRequest>();
    all.visit::<view::SignInRequest>();
    all.visit::<view::SignInStepView>();
    all.visit::<view::SignOutView>();
    all.visit::<view::DiscoveryRequest>();
    all.visit::<view::DiscoveryView>();
    all.visit::<events::Event>();

    let mut text = String::from(
        "// Made from the Rust wire types by `UPDATE_BINDINGS=1 cargo test --test bindings`. Do not edit.\n",
    );
    for declaration in all.found.values() {
        text.push('\n');
        text.push_str(declaration);
    }
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/src/bindings/types.ts");
    if std::env::var_os("UPDATE_BINDINGS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &text).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == text,
        "ui/src/bindings/types.ts differs from the Rust types; \
         run UPDATE_BINDINGS=1 cargo test --test bindings and commit the file"
    );
}
