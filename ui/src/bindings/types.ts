// Made from the Rust wire types by `UPDATE_BINDINGS=1 cargo test --test bindings`. Do not edit.

/**
 * Through what an act came. The system's accounts are not told apart: who may open the file is one person or one office.
 */
export type Actor = "window" | "command_line" | "schedule" | "itself";

/**
 * Settings of the app on this computer.
 */
export type AppSettings = { 
/**
 * `system`, `light` or `dark`.
 */
theme: Theme, 
/**
 * `system`, `on` or `off`.
 */
contrast: Contrast, 
/**
 * How much is shown: everything, no members, or one club.
 */
view: RoleView, 
/**
 * The club of the view of one club, by its own identifier.
 */
my_club: string | null, };

/**
 * Who asked for it.
 */
export type AskedBy = "person" | "schedule";

/**
 * One attempt: no query value, no body.
 */
export type AttemptView = { 
/**
 * When it was sent, UTC milliseconds.
 */
at: number, 
/**
 * The template of the address, e.g. `/v1/members/{member_id}`.
 */
endpoint: string, 
/**
 * HTTP method.
 */
method: string, 
/**
 * HTTP status, where one came.
 */
status: number | null, 
/**
 * Who must act; none where it was answered well.
 */
class: FailureClass | null, 
/**
 * What was seen.
 */
finding: Finding | null, 
/**
 * Milliseconds.
 */
ms: number, 
/**
 * Bytes of the body that were read.
 */
bytes: number, 
/**
 * Which attempt of its request, from 1.
 */
number: number, };

/**
 * What it is that needs a person: which sentence is said of it.
 */
export type AttentionKind = "connector" | "expiring" | "undone" | "guard" | "conflicts" | "plan" | "club_failing" | "missed_runs";

/**
 * One thing that needs a person.
 */
export type AttentionView = { 
/**
 * What it is.
 */
kind: AttentionKind, 
/**
 * The state that it stands for; `held` is of a club, `expiring` of a connector that still works.
 */
state: HealthState, 
/**
 * Federation code.
 */
code: string, 
/**
 * Name of the connector.
 */
name: string, 
/**
 * The club, by its own id, where it is about one.
 */
org: string | null, 
/**
 * Its name.
 */
club: string | null, 
/**
 * Since when, UTC milliseconds.
 */
since: number | null, 
/**
 * Who must act.
 */
class: FailureClass | null, 
/**
 * What was seen.
 */
finding: Finding | null, 
/**
 * Connected clubs that it holds up.
 */
clubs: number, 
/**
 * When the lists of those clubs were last brought up to date, UTC milliseconds: the oldest; absent where one never was.
 */
lists_from: number | null, 
/**
 * The plan that waits.
 */
plan_id: string | null, 
/**
 * The guard that stopped it, by its word.
 */
guard: string | null, 
/**
 * Members before and in the new list, where a guard stopped it.
 */
members_before: number | null, 
/**
 * Members in the new list.
 */
members_now: number | null, 
/**
 * Members with a conflict, where that is why.
 */
conflicts: number | null, 
/**
 * Missed runs, where that is why; 100 may be more.
 */
missed: number | null, 
/**
 * When the key or token ends, UTC milliseconds.
 */
expires_at: number | null, 
/**
 * The one button.
 */
action: HealthAction, };

/**
 * What stands beside the file about the log's end.
 */
export type AuditAnchorState = "there" | "missing" | "unusable";

/**
 * What entries are about, for looking through them.
 */
export type AuditArea = "connectors" | "access" | "clubs" | "syncs" | "members" | "schedules" | "file";

/**
 * One entry.
 */
export type AuditEntryView = { 
/**
 * Its number, from 1 without gaps.
 */
number: number, 
/**
 * When, UTC milliseconds.
 */
at: number, 
/**
 * Through what; null where the word is none that is known, because somebody has changed the entry.
 */
who: Actor | null, 
/**
 * What it is about; null as above.
 */
area: AuditArea | null, 
/**
 * What was done; null as above.
 */
what: AuditWhat | null, 
/**
 * Federation code of the connector.
 */
code: string | null, 
/**
 * Name of the connector that has this code now.
 */
connector_name: string | null, 
/**
 * The club's own identifier.
 */
org: string | null, 
/**
 * Its name now.
 */
club_name: string | null, 
/**
 * The run.
 */
run_id: string | null, 
/**
 * It is about one member.
 */
about_member: boolean, 
/**
 * The member was erased since; nobody can tell who it was.
 */
erased: boolean, 
/**
 * Names of fields.
 */
fields: Array<string>, 
/**
 * Words of closed sets, as each act says.
 */
words: Array<string>, 
/**
 * Numbers by what they count.
 */
counts: { [key in string]: number }, };

/**
 * Which entries to list, the newest first.
 */
export type AuditListRequest = { 
/**
 * Those about that.
 */
area?: AuditArea, 
/**
 * Those of that act.
 */
what?: AuditWhat, 
/**
 * Those of one connector, by its federation code, deleted or not.
 */
code?: string, 
/**
 * Those of then or later, UTC milliseconds.
 */
from?: number, 
/**
 * Earlier ones, UTC milliseconds.
 */
until?: number, 
/**
 * Those with a smaller number: what the page before said in `next`.
 */
before?: number, 
/**
 * Rows at most, 1 to 500; 100 where absent.
 */
limit?: number, };

/**
 * A page of the log.
 */
export type AuditListView = { 
/**
 * The entries, the newest first.
 */
rows: Array<AuditEntryView>, 
/**
 * What to ask for as `before` for the next page; null where there is none.
 */
next: number | null, };

/**
 * What is wrong with a log.
 */
export type AuditProblemView = { "kind": "empty" } | { "kind": "gap", 
/**
 * The first that is missing.
 */
entry: number, 
/**
 * What follows in its place.
 */
found: number, } | { "kind": "changed", 
/**
 * Its number.
 */
entry: number, } | { "kind": "cut_off", 
/**
 * The first that is missing.
 */
entry: number, 
/**
 * The newest that is known to have been there.
 */
anchored: number, } | { "kind": "replaced", 
/**
 * The entry that was another one.
 */
entry: number, };

/**
 * What a check of the whole log has found.
 */
export type AuditVerifyView = { 
/**
 * Nothing is wrong with it.
 */
ok: boolean, 
/**
 * Entries that are good, from the first on.
 */
entries: number, 
/**
 * When the first of them was entered, UTC milliseconds.
 */
first_at: number | null, 
/**
 * When the last of them was entered, UTC milliseconds.
 */
last_at: number | null, 
/**
 * What is wrong.
 */
problem: AuditProblemView | null, 
/**
 * What stands beside the file about the log's end.
 */
anchor: AuditAnchorState, 
/**
 * Up to which entry it vouches for the log.
 */
anchored: number | null, 
/**
 * When it was written, UTC milliseconds.
 */
anchored_at: number | null, };

/**
 * What was done.
 */
export type AuditWhat = "connector_added" | "connector_edited" | "connector_paused" | "connector_resumed" | "errors_cleared" | "connector_removed" | "connector_restored" | "connector_purged" | "credentials_set" | "credentials_reverted" | "signed_in" | "signed_out" | "template_saved" | "template_deleted" | "club_connected" | "club_disconnected" | "clubs_imported" | "sync_applied" | "sync_undone" | "sync_resolved" | "match_decided" | "field_rule_set" | "sync_applied_again" | "sync_kept_mine" | "sync_let_in_again" | "file_imported" | "member_edited" | "member_took_federation" | "members_exported" | "member_erased" | "member_let_in" | "old_forgotten" | "schedule_set" | "schedule_policy_set" | "schedule_answered" | "log_begun" | "key_passphrase_set" | "key_keychain_added" | "key_slot_removed" | "key_rotated" | "backup_made" | "backup_restored" | "settings_changed" | "not_done";

/**
 * How a connector proves who it is.
 */
export type AuthKind = "oauth2" | "api_key" | "basic" | "two_step" | "none";

/**
 * Authentication. Which keys belong to which kind is checked by `validate.rs`.
 */
export type AuthSettings = { 
/**
 * The kind; decides which of the others apply.
 */
kind: AuthKind, 
/**
 * `api_key`: the header that carries the key. Default `X-API-Key` where neither `query` nor `headers` is set.
 */
header?: string, 
/**
 * `api_key` in a header: what stands before the key, e.g. `Bearer` or `API-Key`; one space is put between.
 */
prefix?: string, 
/**
 * `api_key`: the query parameter that carries the key, instead of a header.
 */
query?: string, 
/**
 * `api_key`: several headers sent together, instead of one.
 */
headers: Array<HeaderSetting>, 
/**
 * `oauth2`: identifier of the authorization server (RFC 8414); fills the endpoints that are not set.
 */
issuer?: string, 
/**
 * `oauth2`: where a person signs in.
 */
authorization_endpoint?: string, 
/**
 * `oauth2`: where tokens come from.
 */
token_endpoint?: string, 
/**
 * `oauth2`: where tokens are given back (RFC 7009).
 */
revocation_endpoint?: string, 
/**
 * `oauth2`: where a sign-in on another device starts (RFC 8628).
 */
device_authorization_endpoint?: string, 
/**
 * `oauth2`: how the token is had; a person in the browser where absent.
 */
grant?: Grant, 
/**
 * `oauth2`: what is asked for (RFC 6749 §3.3).
 */
scopes: Array<string>, 
/**
 * `oauth2`: whom the token, or with `jwt_bearer` the assertion, is for.
 */
audience?: string, 
/**
 * `oauth2`: the way back from the browser; the deep link where absent.
 */
redirect?: Redirect, 
/**
 * `oauth2`: a fixed port for servers that do not accept any (1,024 to 65,535).
 */
loopback_port?: number, 
/**
 * `oauth2`: the path of the redirect URI, `/oauth/<code>` where absent.
 */
redirect_path?: string, 
/**
 * `oauth2`: how the client proves itself; not at all where absent.
 */
client_authentication?: ClientAuthentication, 
/**
 * `oauth2`: sent with the authorization request, e.g. `prompt = "consent"`.
 */
extra_parameters: { [key in string]: string }, 
/**
 * `two_step`: the first request.
 */
two_step?: TwoStepSettings, };

/**
 * A backup file.
 */
export type BackupView = { 
/**
 * Full path.
 */
path: string, 
/**
 * Size in bytes.
 */
size: number, 
/**
 * Made at, UTC milliseconds.
 */
made_at: number, 
/**
 * It was opened and checked after it was written.
 */
verified: boolean, };

/**
 * What a check came to.
 */
export type BeatOutcome = "answered" | "slow" | "failed" | "offline";

/**
 * One check, oldest first in a bar.
 */
export type BeatView = { 
/**
 * When, UTC milliseconds.
 */
at: number, 
/**
 * What it came to.
 */
outcome: BeatOutcome, 
/**
 * Milliseconds, where something was answered.
 */
ms: number | null, 
/**
 * HTTP status, where one came.
 */
http_status: number | null, 
/**
 * What was seen.
 */
finding: Finding | null, 
/**
 * Whether traffic proved it, so that no call of its own was made.
 */
by_traffic: boolean, };

/**
 * How the first request of a two-step sign-in is written.
 */
export type BodyFormat = "json" | "form";

/**
 * What a bulk act did to one connector.
 */
export type BulkConnectorView = { 
/**
 * Federation code.
 */
code: string, 
/**
 * Name.
 */
name: string, 
/**
 * Whether something was done; false where it was so already.
 */
done: boolean, 
/**
 * State afterwards.
 */
state: HealthState, 
/**
 * Why not, where it failed: who must act; absent where the sentence says it all.
 */
class: FailureClass | null, 
/**
 * Why not, where it failed: one sentence.
 */
problem: string | null, };

/**
 * The plans that wait, apart by whether they may be applied without a look.
 */
export type BulkPlansView = { 
/**
 * No conflict, no leaver, no problem, nothing that holds them.
 */
safe: Array<RunRowView>, 
/**
 * The others: each needs a person.
 */
others: Array<RunRowView>, };

/**
 * Which connected clubs.
 */
export type BulkRequest = { 
/**
 * Those of one connector; all of live connectors where absent.
 */
code?: string, 
/**
 * Words in what is known of club and connector; fadas and capitals make no difference.
 */
search: string, };

/**
 * What one gets from a system.
 */
export type Capability = "members" | "fixtures_only" | "teams_only" | "detail" | "incremental" | "deletes" | "guardians";

/**
 * All presets that can be used, and what is wrong with the others.
 */
export type CatalogueView = { 
/**
 * In the order of the gallery; a person's own come last.
 */
presets: Array<PresetView>, 
/**
 * Files of the person's own that cannot be used.
 */
problems: Array<PresetProblemView>, };

/**
 * How often a connector is checked by itself while the app runs.
 */
export type CheckEvery = "off" | "quarter_hour" | "hour" | "six_hours" | "day";

/**
 * How often from now on.
 */
export type CheckSetRequest = { 
/**
 * One connector; all of them where absent.
 */
code?: string, 
/**
 * How often; absent, a connector follows all others.
 */
every?: CheckEvery, };

/**
 * How often connectors, or one of them, are checked.
 */
export type CheckSettingsView = { 
/**
 * How often.
 */
every: CheckEvery, 
/**
 * Of one connector: whether it follows all others.
 */
inherited: boolean, 
/**
 * When something is checked next, UTC milliseconds; absent where nothing is.
 */
next_at: number | null, 
/**
 * What is wrong with this computer's network, if anything.
 */
network: NetworkTroubleView | null, };

/**
 * Result of a check of the file.
 */
export type CheckView = { 
/**
 * Nothing was found.
 */
ok: boolean, 
/**
 * What was found, one line each; never a value.
 */
problems: Array<string>, 
/**
 * Sealed credentials that were opened and found whole.
 */
credentials_checked: number, 
/**
 * Pages read.
 */
pages: number, };

/**
 * How the client proves itself at the token endpoint (RFC 6749 §2.3.1).
 */
export type ClientAuthentication = "none" | "basic" | "body";

/**
 * What a clock change did to a run.
 */
export type ClockChange = "missing" | "doubled";

/**
 * All that a person decided for later syncs of one club.
 */
export type ClubChoicesView = { 
/**
 * Whose value counts, by field.
 */
fields: Array<FieldChoiceView>, 
/**
 * Who is who, the newest first.
 */
matches: Array<MatchChoiceView>, };

/**
 * A club that is to be connected.
 */
export type ClubConnectRequest = { 
/**
 * Federation code of the connector.
 */
code: string, 
/**
 * The club's own identifier, 1 to 100 characters; one that is known already is that club.
 */
org: string, 
/**
 * Name of the club, 1 to 200 characters; a known club gets it.
 */
name: string, 
/**
 * The federation's identifier of the club, 1 to 200 characters.
 */
federation_org: string, 
/**
 * The federation's own name of the club, as its look-up gave it.
 */
federation_name?: string, };

/**
 * What kind of thing happened to a connection.
 */
export type ClubEventKind = "connected" | "disconnected" | "failed" | "recovered";

/**
 * One thing that happened to a connection.
 */
export type ClubEventView = { 
/**
 * When, UTC milliseconds.
 */
at: number, 
/**
 * Federation code of the connector.
 */
code: string, 
/**
 * The federation's identifier of the club.
 */
federation_org: string, 
/**
 * What.
 */
kind: ClubEventKind, };

/**
 * A club with all its connections.
 */
export type ClubHistoryView = { 
/**
 * The club's own identifier.
 */
org: string, 
/**
 * Name.
 */
name: string, 
/**
 * Its connections, ended ones too, the newest first.
 */
connections: Array<ClubView>, 
/**
 * What happened to them, newest first.
 */
events: Array<ClubEventView>, };

/**
 * One line of a list of clubs.
 */
export type ClubImportLineView = { 
/**
 * Number of the line, from 1.
 */
line: number, 
/**
 * The club's own identifier as it stands there.
 */
org: string, 
/**
 * Name as it stands there.
 */
name: string, 
/**
 * The federation's identifier as it stands there.
 */
federation_org: string, 
/**
 * What became of it.
 */
outcome: ClubImportOutcome, 
/**
 * The broken rules of a refused one.
 */
fields: Array<FieldError>, };

/**
 * What became of one line of a list of clubs.
 */
export type ClubImportOutcome = "connected" | "already" | "refused";

/**
 * What an import of clubs did.
 */
export type ClubImportView = { 
/**
 * Lines that were connected.
 */
connected: number, 
/**
 * Lines that were connected already.
 */
already: number, 
/**
 * Lines that were refused.
 */
refused: number, 
/**
 * Every line that says something, in the order of the list.
 */
lines: Array<ClubImportLineView>, };

/**
 * Which connected clubs to list.
 */
export type ClubListRequest = { 
/**
 * Those of one connector, deleted or not; all of live connectors where absent.
 */
code?: string, 
/**
 * Words in what is known of club and connector; fadas and capitals make no difference.
 */
search: string, 
/**
 * Order.
 */
sort: ClubSort, 
/**
 * Other way round.
 */
descending: boolean, 
/**
 * Rows to pass over.
 */
offset: number, 
/**
 * Rows at most, 1 to 500; absent: all.
 */
limit?: number, };

/**
 * A part of the list with its numbers.
 */
export type ClubListView = { 
/**
 * The rows.
 */
rows: Array<ClubView>, 
/**
 * Rows that match the search in total.
 */
total: number, 
/**
 * All, regardless of the search.
 */
all: number, };

/**
 * What the federation says about a club's identifier.
 */
export type ClubLookUpView = { 
/**
 * This connector can look a club up.
 */
offered: boolean, 
/**
 * The federation's own name of the club.
 */
name: string | null, };

/**
 * How a connected club runs by itself, in a list.
 */
export type ClubScheduleView = { 
/**
 * Its members come out of files alone, so that nothing is ever read by itself.
 */
by_file: boolean, 
/**
 * When it runs next, its delay included, UTC milliseconds; none where it does not run by itself.
 */
next_at: number | null, 
/**
 * When a failed run is tried again, UTC milliseconds.
 */
retry_at: number | null, 
/**
 * When the last retry had failed too, UTC milliseconds.
 */
gave_up_at: number | null, 
/**
 * What a person is asked.
 */
question: MissedQuestionView | null, 
/**
 * The newest plan that waits for a person: whether it is held.
 */
waits: PlanWaits | null, };

/**
 * Order of the list.
 */
export type ClubSort = "name" | "last_sync";

/**
 * How a club itself stands; what is wrong with its connector stands there.
 */
export type ClubState = "failing" | "never_synced" | "synced" | "disconnected";

/**
 * A club at a connector.
 */
export type ClubView = { 
/**
 * Identifier of the connection (UUID version 7).
 */
id: string, 
/**
 * Federation code of the connector.
 */
code: string, 
/**
 * Name of the connector.
 */
connector_name: string, 
/**
 * What a person reads about the connector.
 */
connector_state: HealthState, 
/**
 * The club's own identifier, chosen by whoever connected it.
 */
org: string, 
/**
 * Name of the club.
 */
name: string, 
/**
 * The federation's identifier of the club.
 */
federation_org: string, 
/**
 * The federation's own name of the club, where it was looked up.
 */
federation_name: string | null, 
/**
 * How the club itself stands.
 */
state: ClubState, 
/**
 * Connected, UTC milliseconds.
 */
enabled_at: number, 
/**
 * Disconnected, UTC milliseconds.
 */
disconnected_at: number | null, 
/**
 * Last sync, UTC milliseconds.
 */
last_sync_at: number | null, 
/**
 * Failures in a row that concern this club alone.
 */
consecutive_failures: number, 
/**
 * The last of them, UTC milliseconds.
 */
last_error_at: number | null, 
/**
 * Who must act on it.
 */
last_error_class: FailureClass | null, 
/**
 * What was seen; none where the pages of the list did not follow each other.
 */
last_error_finding: Finding | null, 
/**
 * When it runs by itself and what waits for a person; in lists of connected clubs.
 */
schedule: ClubScheduleView | null, };

/**
 * What a client does about an error.
 */
export type Code = "invalid" | "duplicate" | "changed_meanwhile" | "held" | "view_forbids" | "not_found" | "deleted" | "not_initialised" | "already_initialised" | "locked" | "wrong_passphrase" | "last_slot" | "newer_schema" | "damaged" | "storage_denied" | "storage_full" | "storage_failed" | "bad_file" | "needs_sign_in" | "bad_credentials" | "bad_configuration" | "forbidden" | "rate_limited" | "federation_down" | "bad_answer" | "offline" | "cancelled" | "internal";

/**
 * Why something runs then.
 */
export type ComingRunKind = "schedule" | "retry" | "limit_ends" | "probe";

/**
 * What runs next.
 */
export type ComingRunView = { 
/**
 * When, UTC milliseconds.
 */
at: number, 
/**
 * Why.
 */
kind: ComingRunKind, 
/**
 * Federation code.
 */
code: string, 
/**
 * Name of the connector.
 */
name: string, 
/**
 * The club, by its own id, where it is about one.
 */
org: string | null, 
/**
 * Its name.
 */
club: string | null, };

/**
 * Whose value wins where both sides changed a field.
 */
export type ConflictStrategy = "federation_wins" | "local_wins" | "merge";

/**
 * A new connector.
 */
export type ConnectorAddRequest = { 
/**
 * The settings.
 */
settings: ConnectorSettings, 
/**
 * Credentials, if they are at hand. JSON as for `credentials set`.
 */
credentials?: CredentialsRequest, 
/**
 * The report of a test that was made before saving with just these settings and credentials;
 * its handle is given by `connector_test_draft`.
 */
test_handle?: string, };

/**
 * Changed settings of a connector.
 */
export type ConnectorEditRequest = { 
/**
 * Which one.
 */
code: string, 
/**
 * The version the person saw.
 */
version: number, 
/**
 * All settings; the code may not change.
 */
settings: ConnectorSettings, 
/**
 * New credentials; absent keeps the stored ones.
 */
credentials?: CredentialsRequest, 
/**
 * As in [`ConnectorAddRequest`].
 */
test_handle?: string, };

/**
 * Which part of the list.
 */
export type ConnectorFilter = "all" | "needs_you" | "waiting" | "healthy" | "paused" | "not_tested" | "deleted";

/**
 * Which connectors to list.
 */
export type ConnectorListRequest = { 
/**
 * Words in name or code; fadas and capitals make no difference.
 */
search: string, 
/**
 * Part of the list.
 */
filter: ConnectorFilter, 
/**
 * Mission status.
 */
status?: Status, 
/**
 * Order.
 */
sort: ConnectorSort, 
/**
 * Other way round.
 */
descending: boolean, 
/**
 * Rows to pass over.
 */
offset: number, 
/**
 * Rows at most, 1 to 500; absent: all.
 */
limit?: number, };

/**
 * A part of the list with its numbers.
 */
export type ConnectorListView = { 
/**
 * The rows.
 */
rows: Array<ConnectorRowView>, 
/**
 * Rows that match search and filter in total.
 */
total: number, 
/**
 * Numbers of all filters, regardless of search.
 */
counts: CountsView, };

/**
 * One line of the connector list.
 */
export type ConnectorRowView = { 
/**
 * Identifier (UUID version 7).
 */
id: string, 
/**
 * Federation code.
 */
code: string, 
/**
 * Name.
 */
name: string, 
/**
 * Live data or a test account.
 */
environment: Environment, 
/**
 * Mission status.
 */
status: Status, 
/**
 * What a person reads.
 */
state: HealthState, 
/**
 * How it proves who it is.
 */
auth_kind: AuthKind, 
/**
 * Preset it was made from.
 */
preset: string | null, 
/**
 * Connected clubs.
 */
clubs: number, 
/**
 * Last test, UTC milliseconds.
 */
last_test_at: number | null, 
/**
 * Last sync, UTC milliseconds.
 */
last_sync_at: number | null, 
/**
 * Created, UTC milliseconds.
 */
created_at: number, 
/**
 * Changed, UTC milliseconds.
 */
updated_at: number, 
/**
 * Deleted, UTC milliseconds.
 */
deleted_at: number | null, 
/**
 * Until when a deleted one can be restored, UTC milliseconds.
 */
restorable_until: number | null, };

/**
 * Everything about a connector that a person sets and that is no secret.
 */
export type ConnectorSettings = { 
/**
 * Federation code, unique: `^[a-z0-9][a-z0-9_-]{1,63}$`.
 */
code: string, 
/**
 * The name shown, 1 to 200 characters.
 */
name: string, 
/**
 * Live data or a test account.
 */
environment: Environment, 
/**
 * The preset it was made from.
 */
preset?: string, 
/**
 * Explicit switch: `http://` is allowed to this computer (127.0.0.0/8, `::1`, `localhost`).
 */
allow_http_loopback: boolean, 
/**
 * Authentication.
 */
auth: AuthSettings, 
/**
 * Addresses.
 */
endpoints: EndpointSettings, 
/**
 * Paging.
 */
paging: PagingSettings, 
/**
 * How records are written.
 */
records: RecordSettings, 
/**
 * What answers mean here where their status misleads.
 */
errors: Array<ErrorRule>, 
/**
 * Network.
 */
network: NetworkSettings, 
/**
 * Limits.
 */
limits: LimitSettings, 
/**
 * Synchronisation.
 */
sync: SyncSettings, 
/**
 * Values of a preset's variables, e.g. `tenant`; substituted in addresses as `{tenant}`.
 */
variables: { [key in string]: string }, };

/**
 * Order of the list.
 */
export type ConnectorSort = "attention" | "name" | "status" | "last_sync";

/**
 * A connector in full, without any secret.
 */
export type ConnectorView = { 
/**
 * All settings.
 */
settings: ConnectorSettings, 
/**
 * State of the credentials.
 */
credentials: CredentialsStateView, 
/**
 * State of the sign-in, for the kinds that use tokens.
 */
sign_in: SignInView | null, 
/**
 * The last test.
 */
last_test: TestReportView | null, 
/**
 * The federation's id of the club that a test asks about where nobody names one; none where no address needs a club, or
 * where none is connected.
 */
test_club: string | null, 
/**
 * What happened, newest first, at most 50.
 */
events: Array<EventView>, 
/**
 * Counts every change; an edit made from an older version is refused.
 */
version: number, 
/**
 * Identifier (UUID version 7).
 */
id: string, 
/**
 * Federation code.
 */
code: string, 
/**
 * Name.
 */
name: string, 
/**
 * Live data or a test account.
 */
environment: Environment, 
/**
 * Mission status.
 */
status: Status, 
/**
 * What a person reads.
 */
state: HealthState, 
/**
 * How it proves who it is.
 */
auth_kind: AuthKind, 
/**
 * Preset it was made from.
 */
preset: string | null, 
/**
 * Connected clubs.
 */
clubs: number, 
/**
 * Last test, UTC milliseconds.
 */
last_test_at: number | null, 
/**
 * Last sync, UTC milliseconds.
 */
last_sync_at: number | null, 
/**
 * Created, UTC milliseconds.
 */
created_at: number, 
/**
 * Changed, UTC milliseconds.
 */
updated_at: number, 
/**
 * Deleted, UTC milliseconds.
 */
deleted_at: number | null, 
/**
 * Until when a deleted one can be restored, UTC milliseconds.
 */
restorable_until: number | null, };

/**
 * High contrast.
 */
export type Contrast = "system" | "on" | "off";

/**
 * Numbers of live connectors.
 */
export type CountsView = { 
/**
 * All that are not deleted.
 */
all: number, 
/**
 * Red or amber: a person must act.
 */
needs_you: number, 
/**
 * The clock or the federation acts.
 */
waiting: number, 
/**
 * Tested well.
 */
healthy: number, 
/**
 * Paused.
 */
paused: number, 
/**
 * Never tested, or changed since.
 */
not_tested: number, 
/**
 * Deleted, restorable or not.
 */
deleted: number, };

/**
 * Plain credentials on their way in. They are sealed at once and never given back.
 */
export type CredentialsRequest = { "type": "api_key", 
/**
 * The key; may be absent where all secrets are headers.
 */
api_key?: string, 
/**
 * A second key that takes over when the first is refused.
 */
secondary_api_key?: string, 
/**
 * Values of the secret headers by header name.
 */
secrets: { [key in string]: string }, 
/**
 * Day they end, `YYYY-MM-DD`.
 */
expires_on?: string, 
/**
 * Webhook secret, sealed by itself.
 */
webhook_secret?: string, } | { "type": "basic", 
/**
 * User name; no colon (RFC 7617 §2).
 */
username: string, 
/**
 * Password.
 */
password: string, 
/**
 * Day they end, `YYYY-MM-DD`.
 */
expires_on?: string, 
/**
 * Webhook secret, sealed by itself.
 */
webhook_secret?: string, } | { "type": "oauth2", 
/**
 * Client id.
 */
client_id: string, 
/**
 * Client secret, where the federation gave one.
 */
client_secret?: string, 
/**
 * `jwt_bearer`: the RSA key as PEM (PKCS#8 or PKCS#1), or a PKCS#12 file in base64.
 */
private_key?: string, 
/**
 * The password of a PKCS#12 file.
 */
private_key_password?: string, 
/**
 * Day they end, `YYYY-MM-DD`.
 */
expires_on?: string, 
/**
 * Webhook secret, sealed by itself.
 */
webhook_secret?: string, } | { "type": "two_step", 
/**
 * The secret.
 */
secret?: string, 
/**
 * User name, instead of a secret.
 */
username?: string, 
/**
 * Password.
 */
password?: string, 
/**
 * Day they end, `YYYY-MM-DD`.
 */
expires_on?: string, 
/**
 * Webhook secret, sealed by itself.
 */
webhook_secret?: string, };

/**
 * New credentials for a connector that exists.
 */
export type CredentialsSetRequest = { 
/**
 * Which connector.
 */
code: string, 
/**
 * The credentials.
 */
credentials: CredentialsRequest, 
/**
 * Test first and store only if the test succeeds.
 */
test_first: boolean, };

/**
 * Whether and since when credentials are stored; never what they are.
 */
export type CredentialsStateView = { 
/**
 * Some are stored.
 */
set: boolean, 
/**
 * Their kind.
 */
kind: AuthKind | null, 
/**
 * Stored at, UTC milliseconds.
 */
stored_at: number | null, 
/**
 * Day they end, `YYYY-MM-DD`, as the person said.
 */
expires_on: string | null, 
/**
 * A test with them has succeeded.
 */
tested: boolean, 
/**
 * Earlier ones are kept until the new ones have tested well.
 */
previous_kept: boolean, 
/**
 * A second key is stored.
 */
secondary_set: boolean, 
/**
 * Names of the secret headers that have a value.
 */
secret_headers: Array<string>, 
/**
 * A webhook secret is stored.
 */
webhook_secret_set: boolean, };

/**
 * In which order day and month are written.
 */
export type DateOrder = "day_first" | "month_first" | "ask";

/**
 * An issuer to ask.
 */
export type DiscoveryRequest = { 
/**
 * The issuer's identifier, an `https` address.
 */
issuer: string, 
/**
 * Explicit switch for `http://` to this computer.
 */
allow_http_loopback: boolean, 
/**
 * The way to the network.
 */
network: NetworkSettings, };

/**
 * What an issuer says about itself (RFC 8414, `OpenID` Connect Discovery 1.0).
 */
export type DiscoveryView = { 
/**
 * The issuer, exactly as it names itself.
 */
issuer: string, 
/**
 * Where a person signs in.
 */
authorization_endpoint: string | null, 
/**
 * Where tokens come from.
 */
token_endpoint: string | null, 
/**
 * Where tokens are given back.
 */
revocation_endpoint: string | null, 
/**
 * Where a sign-in on another device starts.
 */
device_authorization_endpoint: string | null, 
/**
 * Scopes that it names.
 */
scopes_supported: Array<string>, 
/**
 * Whether it says that it checks S256.
 */
pkce: PkceSupport, 
/**
 * Hosts of the endpoints that are not the issuer's own: a person should look at them.
 */
other_hosts: Array<string>, };

/**
 * One line of the doctor.
 */
export type DoctorLineView = { 
/**
 * What was looked at, e.g. `keychain`.
 */
name: string, 
/**
 * True well, false broken, null cannot be known.
 */
ok: boolean | null, 
/**
 * What was found.
 */
found: string, 
/**
 * How to mend it; empty where nothing is to be done.
 */
fix: string, };

/**
 * Addresses. `base` is absolute; the others are paths below it, or absolute addresses on any host
 * that the user typed. `{federation_org_id}` and `{member_id}` are placeholders; so are `{page}` and `{size}`
 * in the address of a list whose page stands in the path.
 */
export type EndpointSettings = { 
/**
 * The API's own address, `https://…`.
 */
base: string, 
/**
 * The membership list.
 */
membership_list: string, 
/**
 * One member.
 */
member_detail?: string, 
/**
 * The cheapest request that proves the credentials; the membership list where empty.
 */
verify?: string, 
/**
 * One club by `{federation_org_id}`, where the system tells its name.
 */
organisation?: string, 
/**
 * Dotted path to the club's name in that answer, e.g. `data.name`.
 */
organisation_name?: string, };

/**
 * Whether real members are behind a connector.
 */
export type Environment = "live" | "test";

/**
 * What erasing a member would do.
 */
export type EraseLookView = { 
/**
 * Whether the connector is one in use: then the name is typed before anything goes.
 */
environment: Environment, 
/**
 * Name of the connector: whose later lists the person is kept out of.
 */
connector_name: string, 
/**
 * Lines about the person in plans and runs.
 */
plan_rows: number, 
/**
 * How the person was before runs, kept for undoing.
 */
undo_rows: number, 
/**
 * What was decided about the person's conflicts.
 */
decisions: number, 
/**
 * Backups in the app's own folder, all of which may have the person.
 */
backups: number, 
/**
 * Whole copies of the data that a restore or a repair has set aside: they stay unless they are deleted with the backups.
 */
set_aside: number, 
/**
 * Until when the backups have gone by themselves, UTC milliseconds: at the latest, if the app is opened then.
 */
backups_clean_by: number, };

/**
 * What erasing a person did.
 */
export type EraseView = { 
/**
 * Members that went: one, or more where the club was connected before.
 */
members: number, 
/**
 * Lines in plans and runs that went. The runs stay, with their counts.
 */
plan_rows: number, 
/**
 * What was kept for undoing.
 */
undo_rows: number, 
/**
 * What was decided about conflicts.
 */
decisions: number, 
/**
 * Recorded requests in whose path the identifier stood; it was taken out.
 */
requests: number, 
/**
 * Plans that waited to be applied and had the person: they must be made again.
 */
plans_dropped: number, 
/**
 * Nothing of the person is left in the data file and its log. Where another program was reading it, the rest follows by
 * itself.
 */
file_is_clean: boolean, 
/**
 * Backups and copies that were deleted; none where they were to stay.
 */
purged: number | null, 
/**
 * Why backups and copies could not be deleted. The person is erased all the same.
 */
purge_problem: string | null, 
/**
 * Backups from before that are still there.
 */
backups: number, 
/**
 * Copies that were set aside and are still there.
 */
set_aside: number, 
/**
 * Until when these backups have gone by themselves, UTC milliseconds; none where none is left.
 */
backups_clean_by: number | null, };

/**
 * The part of an error that a client acts on.
 */
export type ErrorDetailView = { "kind": "fields", 
/**
 * One entry a broken rule.
 */
fields: Array<FieldError>, } | { "kind": "lock", 
/**
 * The reason.
 */
reason: LockReason, } | { "kind": "file", 
/**
 * Its path.
 */
path: string, } | { "kind": "finding", 
/**
 * The finding.
 */
finding: Finding, 
/**
 * HTTP status where there was one.
 */
status: number | null, };

/**
 * One line of the error log.
 */
export type ErrorEntryView = { 
/**
 * Identifier (UUID version 7).
 */
id: string, 
/**
 * Federation code.
 */
code: string, 
/**
 * Name of the connector.
 */
name: string, 
/**
 * When, UTC milliseconds.
 */
at: number, 
/**
 * Who must act.
 */
class: FailureClass, 
/**
 * What was seen.
 */
finding: Finding, 
/**
 * HTTP status, where one came.
 */
http_status: number | null, 
/**
 * The template of the address, e.g. `/v1/members/{member_id}`; never a value.
 */
endpoint: string | null, 
/**
 * From where.
 */
source: ErrorSource, 
/**
 * The club that it concerns alone, by its own id.
 */
org: string | null, 
/**
 * Its name.
 */
club: string | null, 
/**
 * The run that it comes from.
 */
run_id: string | null, 
/**
 * What happened, in one sentence.
 */
sentence: string, 
/**
 * When a person said that it is dealt with, UTC milliseconds.
 */
cleared_at: number | null, };

/**
 * Which lines of the error log, newest first.
 */
export type ErrorListRequest = { 
/**
 * Of this connector.
 */
code?: string, 
/**
 * Of this class.
 */
class?: FailureClass, 
/**
 * Those after this place: `next` of the page before.
 */
after?: string, 
/**
 * Rows, 1 to 500.
 */
limit: number, };

/**
 * A page of the error log.
 */
export type ErrorListView = { 
/**
 * The lines.
 */
rows: Array<ErrorEntryView>, 
/**
 * Where the next page starts; none at the end.
 */
next: string | null, 
/**
 * How many fit altogether, counted up to 1,000.
 */
found: number, 
/**
 * Whether there are more than that.
 */
more: boolean, };

/**
 * What a rule of a preset can make of an answer.
 */
export type ErrorMeaning = "unauthorised" | "forbidden" | "not_found" | "rate_limited" | "server_error" | "request_refused";

/**
 * What an answer means at this federation where its status alone misleads. All given conditions must
 * hold; the first rule that does decides.
 */
export type ErrorRule = { 
/**
 * HTTP status.
 */
status?: number, 
/**
 * Dotted path in the JSON body that must be there, e.g. `errors.0.code`.
 */
path?: string, 
/**
 * The value at `path`, as text.
 */
value?: string, 
/**
 * What it means.
 */
means: ErrorMeaning, };

/**
 * From where a failure comes.
 */
export type ErrorSource = "request" | "test" | "check" | "sign_in" | "sync";

/**
 * An error over the wire.
 */
export type ErrorView = { 
/**
 * What the client does about it.
 */
code: Code, 
/**
 * English sentence, for logs and the command line.
 */
message: string, 
/**
 * What the client needs to act.
 */
detail?: ErrorDetailView, };

/**
 * What changed; the window reads again what it shows. Carries no data of its own.
 */
export type Event = { "type": "app_state_changed" } | { "type": "connectors_changed" } | { "type": "syncs_changed" } | { "type": "practice_changed" };

/**
 * What kind of thing happened to a connector.
 */
export type EventKind = "created" | "edited" | "credentials_stored" | "credentials_reverted" | "webhook_secret_stored" | "signed_in" | "sign_in_failed" | "sign_in_ended" | "signed_out" | "test_succeeded" | "test_failed" | "stopped" | "recovered" | "errors_cleared" | "paused" | "resumed" | "deleted" | "restored" | "purged";

/**
 * One thing that happened.
 */
export type EventView = { 
/**
 * When, UTC milliseconds.
 */
at: number, 
/**
 * What.
 */
kind: EventKind, 
/**
 * Names of fields or a finding's word; never a value.
 */
detail: string | null, };

/**
 * The form of a file.
 */
export type ExportFormat = "csv" | "json";

/**
 * What such a file contains.
 */
export type ExportLookView = { 
/**
 * Name of the club.
 */
club: string, 
/**
 * People in it.
 */
people: number, 
/**
 * How many of them are under 18 today, by their date of birth.
 */
children: number, 
/**
 * How many have no date of birth, so that nobody can say.
 */
without_birth: number, 
/**
 * The fields.
 */
fields: Array<MemberField>, 
/**
 * Those of them that are health data or the like.
 */
sensitive: Array<MemberField>, };

/**
 * Who must act and how. Each class has one action in the window and one exit code in `fedctl`.
 */
export type FailureClass = "needs_sign_in" | "bad_credentials" | "bad_configuration" | "not_found" | "forbidden" | "rate_limited" | "federation_down" | "bad_answer" | "offline" | "locked" | "cancelled" | "internal";

/**
 * Whose value counts in a field of one club.
 */
export type FieldChoiceView = { 
/**
 * The field.
 */
field: MemberField, 
/**
 * Whose value.
 */
take: FieldTake, 
/**
 * UTC milliseconds.
 */
chosen_at: number, };

/**
 * One broken rule of one field. `field` is the dotted key of the TOML file.
 */
export type FieldError = { 
/**
 * Dotted key, e.g. `endpoints.base`.
 */
field: string, 
/**
 * The rule.
 */
rule: FieldRule, 
/**
 * A sentence in English for the command line; never contains a secret.
 */
message: string, };

/**
 * Which rule a field breaks. The window has a sentence for each.
 */
export type FieldRule = "required" | "too_long" | "too_short" | "pattern" | "taken" | "taken_by_deleted" | "already_connected" | "invalid_url" | "not_https" | "http_loopback_switch" | "user_info" | "fragment" | "control_character" | "out_of_range" | "not_for_kind" | "exclusive" | "unknown" | "unreadable";

/**
 * Whose value counts.
 */
export type FieldTake = "federation" | "club";

/**
 * How one value came to be, to be shown beside the template and to answer "why is this value so?". It is made for a
 * person's eyes; its `Debug` shows no value.
 */
export type FieldTrace = { 
/**
 * The field.
 */
field: MemberField, 
/**
 * The path whose value counted, several with ` + ` between them; none where the value is a constant or none had one.
 */
source: string | null, 
/**
 * The value as it came.
 */
raw: string | null, 
/**
 * The value as it is kept.
 */
after: string | null, 
/**
 * What a person should know.
 */
warning: WarningKind | null, 
/**
 * A sensitive field that nobody has switched on: not read.
 */
is_off: boolean, };

/**
 * The data file, as far as it can be known without the key.
 */
export type FileView = { 
/**
 * File name.
 */
name: string, 
/**
 * Size in bytes.
 */
size: number, 
/**
 * Last change, UTC milliseconds.
 */
changed_at: number | null, 
/**
 * Last backup, UTC milliseconds.
 */
last_backup_at: number | null, 
/**
 * Format number.
 */
schema_version: number, };

/**
 * What exactly was seen. One title, one sentence and one way out each (window and command line).
 */
export type Finding = "dns_not_found" | "dns_timeout" | "offline" | "connection_refused" | "connect_timeout" | "unreachable" | "tls_expired" | "tls_wrong_host" | "tls_untrusted" | "tls_failed" | "credentials_missing" | "credentials_withheld" | "sign_in_needed" | "sign_in_declined" | "sign_in_expired" | "sign_in_mismatch" | "sign_in_interrupted" | "sign_in_refused" | "sign_in_ended" | "authorization_refused" | "authorization_failed" | "client_refused" | "scope_refused" | "scope_too_narrow" | "token_unusable" | "issuer_mismatch" | "pkce_unsupported" | "redirect_port_taken" | "private_key_unusable" | "unauthorised" | "forbidden" | "not_found" | "rate_limited" | "server_error" | "request_refused" | "redirected_elsewhere" | "answer_timeout" | "connection_cut" | "html_instead_of_json" | "not_json" | "no_list_at_path" | "record_not_object" | "answer_too_large" | "empty_list" | "organisation_needed" | "setting_unusable" | "cancelled" | "internal";

/**
 * A word for a gender as it is filled in.
 */
export type GenderWordForm = { 
/**
 * The system's word.
 */
word: string, 
/**
 * What it means.
 */
means: MemberGender, };

/**
 * How an OAuth 2.0 connector comes by its token.
 */
export type Grant = "authorization_code" | "client_credentials" | "device_code" | "jwt_bearer";

/**
 * What holds a plan until a person allows it.
 */
export type GuardView = { 
/**
 * Its name, as it is allowed: `empty_list`, `too_many_leavers`, `page_anomaly`, `total_mismatch`, `incomplete_list`.
 */
guard: string, 
/**
 * What was seen, as a sentence. No name is in it.
 */
detail: string, };

/**
 * One of several headers sent together. Exactly one of `secret` and `value` is set.
 */
export type HeaderSetting = { 
/**
 * The header's name (RFC 9110 §5.1 token).
 */
name: string, 
/**
 * True: the value is a secret, kept with the credentials under this header's name.
 */
secret: boolean, 
/**
 * A value that is no secret, e.g. a club number.
 */
value?: string, };

/**
 * What a person can do about a state. One button each, in the window as in the words of `fedctl`.
 */
export type HealthAction = "sign_in" | "replace_key" | "open_settings" | "review_plan" | "check" | "retry" | "resume";

/**
 * The health of one connector with what its page shows.
 */
export type HealthDetailView = { 
/**
 * The newest checks, oldest first, at most 90.
 */
beats: Array<BeatView>, 
/**
 * The last 24 hours, an hour each, oldest first; an hour without attempts is there with none.
 */
hours: Array<ResponsePointView>, 
/**
 * The last 30 days, a day each, likewise.
 */
days: Array<ResponsePointView>, 
/**
 * Federation code.
 */
code: string, 
/**
 * Name.
 */
name: string, 
/**
 * Mission status.
 */
status: Status, 
/**
 * What a person reads.
 */
state: HealthState, 
/**
 * Since when it is in that state, UTC milliseconds.
 */
since: number | null, 
/**
 * Why, where something is wrong: who must act.
 */
class: FailureClass | null, 
/**
 * Why: what was seen.
 */
finding: Finding | null, 
/**
 * What a person can do; absent where the clock, the federation or nobody acts.
 */
action: HealthAction | null, 
/**
 * Share of what was answered in the last 24 hours: the mean of the hours in which anything counted was asked. Being offline, a club's
 * own failure and what a person stopped never count.
 */
uptime_24h: number | null, 
/**
 * The same of 7 days.
 */
uptime_7d: number | null, 
/**
 * The same of 30 days.
 */
uptime_30d: number | null, 
/**
 * The same of 365 days.
 */
uptime_1y: number | null, 
/**
 * Share of the attempts of the last 24 hours that failed, whatever the class; being offline and being stopped by a person are none.
 */
error_rate_24h: number | null, 
/**
 * Half of the answers of the last 24 hours came faster, milliseconds (the upper bound of a step of the histogram).
 */
p50_ms: number | null, 
/**
 * 95 of 100 did.
 */
p95_ms: number | null, 
/**
 * Connector-wide failures in a row.
 */
consecutive_failures: number, 
/**
 * Last success, UTC milliseconds.
 */
last_success_at: number | null, 
/**
 * Last error, UTC milliseconds.
 */
last_error_at: number | null, 
/**
 * Last sync of any club, UTC milliseconds.
 */
last_sync_at: number | null, 
/**
 * Last check, by a call of its own or by traffic that proved the same, UTC milliseconds.
 */
last_check_at: number | null, 
/**
 * When it is tried or checked next, UTC milliseconds.
 */
next_try_at: number | null, 
/**
 * When a key or a token with a known end ends, UTC milliseconds.
 */
expires_at: number | null, 
/**
 * Connected clubs.
 */
clubs: number, };

/**
 * What such a file contains. No member, no address and no key is ever in it.
 */
export type HealthExportLookView = { 
/**
 * Lines: one a connector.
 */
connectors: number, 
/**
 * What each line says, as its columns are called.
 */
columns: Array<string>, };

/**
 * Which connectors a file of health is to have, and in which form.
 */
export type HealthExportRequest = { 
/**
 * The form.
 */
format: ExportFormat, 
/**
 * Those that fit; all where absent.
 */
filter?: HealthFilter, };

/**
 * Which connectors: a filter of bulk acts and of the exported health. All that is given must fit.
 */
export type HealthFilter = { 
/**
 * These codes.
 */
codes?: Array<string>, 
/**
 * Made from this preset (its federation).
 */
preset?: string, 
/**
 * Of this class of failure now.
 */
class?: FailureClass, 
/**
 * In this state now.
 */
state?: HealthState, 
/**
 * Connected to this club (its own id).
 */
org?: string, };

/**
 * What a person reads about a connector (closed set; later issues add what they make true).
 */
export type HealthState = "action_needed" | "sign_in_again" | "waiting_for_browser" | "held" | "expiring" | "rate_limited" | "waiting_for_federation" | "offline" | "syncing" | "healthy" | "not_tested" | "never_synced" | "paused";

/**
 * The health of one connector.
 */
export type HealthView = { 
/**
 * Federation code.
 */
code: string, 
/**
 * Name.
 */
name: string, 
/**
 * Mission status.
 */
status: Status, 
/**
 * What a person reads.
 */
state: HealthState, 
/**
 * Since when it is in that state, UTC milliseconds.
 */
since: number | null, 
/**
 * Why, where something is wrong: who must act.
 */
class: FailureClass | null, 
/**
 * Why: what was seen.
 */
finding: Finding | null, 
/**
 * What a person can do; absent where the clock, the federation or nobody acts.
 */
action: HealthAction | null, 
/**
 * Share of what was answered in the last 24 hours: the mean of the hours in which anything counted was asked. Being offline, a club's
 * own failure and what a person stopped never count.
 */
uptime_24h: number | null, 
/**
 * The same of 7 days.
 */
uptime_7d: number | null, 
/**
 * The same of 30 days.
 */
uptime_30d: number | null, 
/**
 * The same of 365 days.
 */
uptime_1y: number | null, 
/**
 * Share of the attempts of the last 24 hours that failed, whatever the class; being offline and being stopped by a person are none.
 */
error_rate_24h: number | null, 
/**
 * Half of the answers of the last 24 hours came faster, milliseconds (the upper bound of a step of the histogram).
 */
p50_ms: number | null, 
/**
 * 95 of 100 did.
 */
p95_ms: number | null, 
/**
 * Connector-wide failures in a row.
 */
consecutive_failures: number, 
/**
 * Last success, UTC milliseconds.
 */
last_success_at: number | null, 
/**
 * Last error, UTC milliseconds.
 */
last_error_at: number | null, 
/**
 * Last sync of any club, UTC milliseconds.
 */
last_sync_at: number | null, 
/**
 * Last check, by a call of its own or by traffic that proved the same, UTC milliseconds.
 */
last_check_at: number | null, 
/**
 * When it is tried or checked next, UTC milliseconds.
 */
next_try_at: number | null, 
/**
 * When a key or a token with a known end ends, UTC milliseconds.
 */
expires_at: number | null, 
/**
 * Connected clubs.
 */
clubs: number, };

/**
 * A connector on Home.
 */
export type HomeConnectorView = { 
/**
 * The newest checks, oldest first, at most 90.
 */
beats: Array<BeatView>, 
/**
 * Whether it is one of files alone: nothing to check.
 */
by_file: boolean, 
/**
 * Federation code.
 */
code: string, 
/**
 * Name.
 */
name: string, 
/**
 * Mission status.
 */
status: Status, 
/**
 * What a person reads.
 */
state: HealthState, 
/**
 * Since when it is in that state, UTC milliseconds.
 */
since: number | null, 
/**
 * Why, where something is wrong: who must act.
 */
class: FailureClass | null, 
/**
 * Why: what was seen.
 */
finding: Finding | null, 
/**
 * What a person can do; absent where the clock, the federation or nobody acts.
 */
action: HealthAction | null, 
/**
 * Share of what was answered in the last 24 hours: the mean of the hours in which anything counted was asked. Being offline, a club's
 * own failure and what a person stopped never count.
 */
uptime_24h: number | null, 
/**
 * The same of 7 days.
 */
uptime_7d: number | null, 
/**
 * The same of 30 days.
 */
uptime_30d: number | null, 
/**
 * The same of 365 days.
 */
uptime_1y: number | null, 
/**
 * Share of the attempts of the last 24 hours that failed, whatever the class; being offline and being stopped by a person are none.
 */
error_rate_24h: number | null, 
/**
 * Half of the answers of the last 24 hours came faster, milliseconds (the upper bound of a step of the histogram).
 */
p50_ms: number | null, 
/**
 * 95 of 100 did.
 */
p95_ms: number | null, 
/**
 * Connector-wide failures in a row.
 */
consecutive_failures: number, 
/**
 * Last success, UTC milliseconds.
 */
last_success_at: number | null, 
/**
 * Last error, UTC milliseconds.
 */
last_error_at: number | null, 
/**
 * Last sync of any club, UTC milliseconds.
 */
last_sync_at: number | null, 
/**
 * Last check, by a call of its own or by traffic that proved the same, UTC milliseconds.
 */
last_check_at: number | null, 
/**
 * When it is tried or checked next, UTC milliseconds.
 */
next_try_at: number | null, 
/**
 * When a key or a token with a known end ends, UTC milliseconds.
 */
expires_at: number | null, 
/**
 * Connected clubs.
 */
clubs: number, };

/**
 * Home.
 */
export type HomeView = { 
/**
 * Connected clubs.
 */
clubs_all: number, 
/**
 * Of them, those whose list was brought up to date by their last run and that wait for nobody.
 */
clubs_up_to_date: number, 
/**
 * Connectors.
 */
connectors_all: number, 
/**
 * Of them, healthy ones.
 */
connectors_healthy: number, 
/**
 * Things that need a person, altogether.
 */
needs_you: number, 
/**
 * The first of them, at most 50: those that hold up most first.
 */
attention: Array<AttentionView>, 
/**
 * Connectors by what needs a person first, at most 50.
 */
connectors: Array<HomeConnectorView>, 
/**
 * Clubs that are syncing now, by name, at most 5.
 */
syncing: Array<string>, 
/**
 * The last 24 hours of all connectors, an hour each, oldest first.
 */
hours: Array<ResponsePointView>, 
/**
 * 95 of 100 answers of the last hour in which anything was answered came faster, milliseconds.
 */
p95_ms: number | null, 
/**
 * What runs next, at most 5.
 */
next_runs: Array<ComingRunView>, 
/**
 * The newest lines of the error log, at most 5.
 */
recent_errors: Array<ErrorEntryView>, 
/**
 * Lines of the error log in the last 7 days, counted up to 1,000.
 */
errors_7d: number, 
/**
 * The newest check of any connector, UTC milliseconds.
 */
checked_at: number | null, };

/**
 * What is wrong with a row of a file.
 */
export type ImportFault = "broken_quoting" | "wrong_length";

/**
 * What a file holds. No value of a person is in it.
 */
export type ImportLookView = { 
/**
 * Federation code of the connector that it is read for.
 */
code: string, 
/**
 * Your own id of the club.
 */
org: string, 
/**
 * The template.
 */
template: string, 
/**
 * Its name.
 */
template_name: string, 
/**
 * Rows that can be read.
 */
rows: number, 
/**
 * Rows that are left out.
 */
left_out: number, 
/**
 * The first 100 rows that are not as they should be.
 */
faults: Array<ImportRowView>, 
/**
 * Columns that the template reads and the file does not have.
 */
missing: Array<string>, 
/**
 * The file has none of the template's columns: it is another one.
 */
is_foreign: boolean, 
/**
 * A person must say in which order day and month are written, once for the file.
 */
needs_date_order: boolean, 
/**
 * Dates that can be read both ways.
 */
ambiguous_dates: number, 
/**
 * What the other dates of the file say; none where they say nothing, or both.
 */
likely_date_order: DateOrder | null, };

/**
 * What becomes of the rows of a file, in the words that club secretaries know from `ClubZap`.
 */
export type ImportOutcomeView = { 
/**
 * Found by names and date of birth: the member gets the federation's id.
 */
matched: number, 
/**
 * Found by the federation's id.
 */
previously_matched: number, 
/**
 * One person more than once, or one of several members: nobody can tell, so nothing is done.
 */
duplicates: number, 
/**
 * Cannot be used as they are: left out of the file, or a required value is missing.
 */
skipped: number, 
/**
 * In no list of the club: new members.
 */
un_matched: number, };

/**
 * One refused entry of an import.
 */
export type ImportRefusalView = { 
/**
 * Code or position.
 */
code: string, 
/**
 * The broken rules.
 */
fields: Array<FieldError>, };

/**
 * A file of members that is to be looked at.
 */
export type ImportRequest = { 
/**
 * Your own id of the club.
 */
org: string, 
/**
 * Federation code of the connector; none where the club and the template say which.
 */
code: string | null, 
/**
 * The template that says what the columns are; none for the connector's own.
 */
template: string | null, 
/**
 * In which order day and month are written, where that was asked.
 */
date_order: DateOrder | null, 
/**
 * The file names only some of the members: nobody who is not in it has left.
 */
is_part: boolean, };

/**
 * A row of a file that is not as it should be.
 */
export type ImportRowView = { 
/**
 * Line of the file where it starts, from 1.
 */
line: number, 
/**
 * What is wrong.
 */
fault: ImportFault, };

/**
 * What an import did.
 */
export type ImportView = { 
/**
 * Codes created.
 */
created: Array<string>, 
/**
 * Codes changed.
 */
updated: Array<string>, 
/**
 * Codes already as in the file.
 */
unchanged: Array<string>, 
/**
 * Entries refused, with the reason; the others are done.
 */
refused: Array<ImportRefusalView>, };

/**
 * How the first key is kept.
 */
export type InitialiseRequest = { "slot": "keychain" } | { "slot": "passphrase", 
/**
 * The passphrase.
 */
passphrase: string, };

/**
 * What keeping the club's values did.
 */
export type KeepMineView = { 
/**
 * Members whose values stay as they are.
 */
kept: number, 
/**
 * Records that are kept out from now on.
 */
kept_out: number, };

/**
 * Where the key is.
 */
export type KeyStatusView = { 
/**
 * Ways in.
 */
slots: Array<SlotView>, 
/**
 * Newest credential key term, from 1.
 */
term: number, 
/**
 * Encryptions under that term.
 */
encryptions: number, 
/**
 * Made at, UTC milliseconds.
 */
made_at: number, 
/**
 * Identifier of the data file.
 */
database_id: string, };

/**
 * A part of a plan that is not applied.
 */
export type LeaveOut = "leavers";

/**
 * Politeness.
 */
export type LimitSettings = { 
/**
 * At most this many requests in a minute, 1 to 6,000.
 */
requests_per_minute: number, 
/**
 * Time limit of one request in seconds, 1 to 300.
 */
timeout_seconds: number, };

/**
 * Why the vault is locked. Each has its own sentence and way out.
 */
export type LockReason = "by_user" | "opening" | "keychain_absent" | "keychain_locked" | "keychain_no_entry" | "keychain_wrong_key" | "keychain_dismissed" | "keychain_timeout" | "keychain_failed" | "passphrase_needed";

/**
 * A table, as a template has it.
 */
export type Lookup = { 
/**
 * What a value becomes. Capitals, accents and what stands between words make no difference.
 */
table: { [key in string]: string }, 
/**
 * What becomes of a value that is not in the table.
 */
otherwise: Otherwise, };

/**
 * A table as it is filled in.
 */
export type LookupForm = { 
/**
 * Name, by which the step `lookup` finds it.
 */
name: string, 
/**
 * The system's words and the club's.
 */
rows: Array<LookupRowForm>, 
/**
 * What becomes of a value that is not in the table.
 */
otherwise: Otherwise, };

/**
 * A row of a table as it is filled in.
 */
export type LookupRowForm = { 
/**
 * The system's word.
 */
from: string, 
/**
 * The club's.
 */
to: string, };

/**
 * Where a field's value comes from and what is done with it.
 */
export type Mapping = { 
/**
 * Dotted paths in a record. The first that has a value counts, in this order for every record: for the external id
 * this is its precedence.
 */
from: Array<string>, 
/**
 * Takes all paths that have a value instead, with this text between them.
 */
join?: string, 
/**
 * The same value for every member; instead of paths.
 */
constant?: string, 
/**
 * What is done with it, in this order.
 */
transforms: Array<Transform>, 
/**
 * A record without it is a problem, and no member.
 */
required: boolean, 
/**
 * A person has switched a sensitive field on. Without it such a field is neither read nor kept.
 */
sensitive: boolean, 
/**
 * What the value must be like, else there is a warning.
 */
check?: ValueCheck, };

/**
 * Whose a record is.
 */
export type MatchAs = { "as": "member", 
/**
 * Identifier of one of the members that the problem proposes.
 */
member_id: string, } | { "as": "new" } | { "as": "leave" };

/**
 * A decision about who is who that counts for later syncs.
 */
export type MatchChoiceView = { 
/**
 * By what it is forgotten: 64 hexadecimal digits that tell nobody's name.
 */
choice_id: string, 
/**
 * `member`, `new` or `leave`.
 */
choice: string, 
/**
 * The member; none where the record is left, or its member is not there.
 */
member: MemberView | null, 
/**
 * UTC milliseconds.
 */
chosen_at: number, };

/**
 * One changed value.
 */
export type MemberChange = { 
/**
 * The field.
 */
field: MemberField, 
/**
 * Its new value; none removes it.
 */
value: string | null, };

/**
 * A member with where its values come from.
 */
export type MemberDetailView = { 
/**
 * As in a list.
 */
row: MemberRowView, 
/**
 * Name of the connector.
 */
connector_name: string, 
/**
 * Value by value.
 */
values: Array<MemberValueView>, 
/**
 * When it came, UTC milliseconds.
 */
created_at: number, 
/**
 * When it was changed last, UTC milliseconds.
 */
updated_at: number, };

/**
 * Changed values of a member.
 */
export type MemberEditRequest = { 
/**
 * Identifier.
 */
member_id: string, 
/**
 * The version that was looked at.
 */
version: number, 
/**
 * The fields that change, each with its new value; none removes the value.
 */
changes: Array<MemberChange>, };

/**
 * Which members a file is to have, and what of them.
 */
export type MemberExportRequest = { 
/**
 * Federation code of the connector.
 */
code: string, 
/**
 * Your own id of the club.
 */
org: string, 
/**
 * The form.
 */
format: ExportFormat, 
/**
 * The fields, in their own order whatever is given here; none for all but sensitive ones.
 */
fields: Array<MemberField> | null, 
/**
 * Also who is no longer in the federation's list.
 */
with_left: boolean, };

/**
 * The field of a member that a value of a record is for.
 */
export type MemberField = "external_id" | "first_name" | "last_name" | "full_name" | "irish_first_name" | "irish_last_name" | "date_of_birth" | "gender" | "email" | "phone" | "address_line_1" | "address_line_2" | "town" | "county" | "postcode" | "membership_type" | "status" | "joined_on" | "guardian_name" | "guardian_email" | "guardian_phone" | "medical_notes";

/**
 * Which members, by how they stand.
 */
export type MemberFilter = "all" | "active" | "lapsed" | "left" | "edited";

/**
 * A member's gender as the federation knows it.
 */
export type MemberGender = "female" | "male" | "other" | "unspecified";

/**
 * Members of a club at a connector.
 */
export type MemberListView = { 
/**
 * By name.
 */
rows: Array<MemberView>, 
/**
 * Give it to get the next ones; none at the end.
 */
next: string | null, };

/**
 * One member in a list.
 */
export type MemberRowView = { 
/**
 * Identifier (UUID version 7).
 */
member_id: string, 
/**
 * Given name.
 */
first_name: string | null, 
/**
 * Family name.
 */
last_name: string | null, 
/**
 * Given name in Irish.
 */
irish_first_name: string | null, 
/**
 * Family name in Irish.
 */
irish_last_name: string | null, 
/**
 * Date of birth, as `2013-05-04`.
 */
date_of_birth: string | null, 
/**
 * Kind of membership.
 */
membership_type: string | null, 
/**
 * Status of the membership.
 */
status: string | null, 
/**
 * When the list no longer had it, UTC milliseconds.
 */
left_at: number | null, 
/**
 * Whether the club differs from what the federation last gave.
 */
edited: boolean, 
/**
 * The club's own identifier.
 */
org: string, 
/**
 * Name of the club.
 */
club: string, 
/**
 * Federation code of the connector.
 */
code: string, 
/**
 * Counted by every change.
 */
version: number, };

/**
 * What members are looked for.
 */
export type MemberSearchRequest = { 
/**
 * Each word must begin a word of the member: names, Irish names, the federation's identifier, e-mail, town.
 */
search: string, 
/**
 * Those of one club, by its own identifier.
 */
org?: string, 
/**
 * Those of one connector.
 */
code?: string, 
/**
 * By how they stand.
 */
filter: MemberFilter, 
/**
 * Order.
 */
sort: MemberSort, 
/**
 * The whole order the other way round.
 */
descending: boolean, 
/**
 * What the page before said about its next one.
 */
after?: string, 
/**
 * Rows at most, 1 to 500.
 */
limit: number, };

/**
 * What a search finds.
 */
export type MemberSearchView = { 
/**
 * In order.
 */
rows: Array<MemberRowView>, 
/**
 * Give it to get the next ones; none at the end.
 */
next: string | null, 
/**
 * How many there are, as far as they were counted. Only the first page counts.
 */
found: number, 
/**
 * Whether there are more than that.
 */
more: boolean, 
/**
 * All members of all clubs.
 */
all: number, };

/**
 * Order of members.
 */
export type MemberSort = "name" | "born" | "club" | "status";

/**
 * How a membership stands.
 */
export type MemberStatus = "active" | "inactive" | "pending" | "suspended" | "left";

/**
 * One value of a member, and where it comes from.
 */
export type MemberValueView = { 
/**
 * The field.
 */
field: MemberField, 
/**
 * What the club has.
 */
value: string | null, 
/**
 * What the federation last gave.
 */
federation: string | null, 
/**
 * Whether the two differ.
 */
differs: boolean, 
/**
 * Whether it is about somebody's health or belief.
 */
sensitive: boolean, 
/**
 * Whether the club may change it.
 */
editable: boolean, 
/**
 * Where it comes from.
 */
source: ValueSource, 
/**
 * Since when, UTC milliseconds.
 */
since: number, };

/**
 * A member.
 */
export type MemberView = { 
/**
 * Identifier (UUID version 7).
 */
member_id: string, 
/**
 * Its values.
 */
values: Partial<Record<MemberField, string>>, 
/**
 * The fields in which the club differs from what the federation last gave.
 */
edited: Array<MemberField>, 
/**
 * When the list no longer had it, UTC milliseconds.
 */
left_at: number | null, 
/**
 * Counted by every change.
 */
version: number, };

/**
 * What becomes of missed runs.
 */
export type MissedPolicy = "once_on_wake" | "skip" | "ask";

/**
 * A person is asked whether to make up for missed runs.
 */
export type MissedQuestionView = { 
/**
 * When the newest of them should have been, UTC milliseconds.
 */
at: number, 
/**
 * How many; 100 may be more.
 */
missed: number, };

/**
 * A member that is no longer as it was previewed.
 */
export type MovedMemberView = { 
/**
 * The row of the plan.
 */
row: number, 
/**
 * The federation's identifier, where it has one.
 */
external_id: string | null, 
/**
 * Its name. Never in a log.
 */
name: string, 
/**
 * What has happened to it.
 */
what: MovedWhat, };

/**
 * What has happened to a member since it was previewed.
 */
export type MovedWhat = { "kind": "changed", 
/**
 * The fields; none where the values are as they were, and only what counts as the federation's last is not.
 */
fields: Array<MemberField>, } | { "kind": "gone" } | { "kind": "came" };

/**
 * A list of names and values inside a record that is to be read as an object: with `path =
 * "FieldValues"`, `name = "FieldName"` and `value = "Value"`, `[{"FieldName":"City","Value":"Cork"}]` reads as
 * `FieldValues.City`.
 */
export type NameValueSettings = { 
/**
 * Dotted path to the list in the record.
 */
path: string, 
/**
 * The key of the name.
 */
name: string, 
/**
 * The key of the value.
 */
value: string, };

/**
 * The way to the network.
 */
export type NetworkSettings = { 
/**
 * `http://host:port` of a proxy; the system's where absent.
 */
proxy?: string, 
/**
 * A PEM file with certificates to trust besides the system's.
 */
ca_file?: string, };

/**
 * This computer's own trouble: nothing is checked meanwhile, and nothing of it is counted.
 */
export type NetworkTroubleView = { 
/**
 * Since when, UTC milliseconds.
 */
since: number, 
/**
 * True: a sign-in page of the network is in between. False: there is no network.
 */
captive: boolean, 
/**
 * When it is looked at again, UTC milliseconds.
 */
again_at: number, };

/**
 * A run to come.
 */
export type NextRunView = { 
/**
 * When it starts, the delay included, UTC milliseconds.
 */
at: number, 
/**
 * The same in UTC (RFC 3339).
 */
utc: string, 
/**
 * The same as the clocks of the zone show it, e.g. `2026-11-26T02:07:00`.
 */
local: string, 
/**
 * Its weekday there: 1 is Monday, 7 Sunday.
 */
weekday: number, 
/**
 * What these clocks are ahead of UTC, in minutes.
 */
offset_minutes: number, 
/**
 * Calendar days from today in the zone: 0 is today, 1 tomorrow.
 */
days_from_now: number, 
/**
 * What a clock change does to it.
 */
clock_change: ClockChange | null, };

/**
 * Where a preset comes from.
 */
export type Origin = "built_in" | "own";

/**
 * What becomes of a value that a table does not have.
 */
export type Otherwise = "warn" | "keep" | "empty";

/**
 * Paging.
 */
export type PagingSettings = { 
/**
 * The style.
 */
style: PagingStyle, 
/**
 * The number of the first page: 0 or 1; of `offset`, the first offset.
 */
start?: number, 
/**
 * The query parameter of the page, offset or cursor.
 */
page_param?: string, 
/**
 * The query parameter of the size.
 */
size_param?: string, 
/**
 * Records per page, 1 to 10,000.
 */
size?: number, 
/**
 * Dotted path to the list in the answer; empty or absent: the answer itself is the list.
 */
records?: string, 
/**
 * `cursor`: dotted path to the next cursor; `link_body`: dotted path to the address of the next page.
 */
next?: string, 
/**
 * Dotted path to a boolean that says whether another page follows.
 */
more?: string, 
/**
 * Dotted path to the number of records in all pages together.
 */
total?: string, 
/**
 * Dotted path to the number of pages.
 */
total_pages?: string, 
/**
 * The header that holds the number of records, e.g. `X-Pagination-Total-Count`.
 */
total_header?: string, 
/**
 * The header that holds the number of pages, e.g. `X-Pagination-Page-Count`.
 */
total_pages_header?: string, 
/**
 * `keyset`: query parameters and the dotted paths in the last record that fill them, e.g.
 * `{ "last-updated" = "lastUpdated", "last-id" = "id" }`.
 */
keys: { [key in string]: string }, };

/**
 * How a list is cut into pages.
 */
export type PagingStyle = "page" | "offset" | "cursor" | "link_body" | "link_header" | "keyset" | "none";

/**
 * What an issuer says of S256 (RFC 8414 §2).
 */
export type PkceSupport = "s256" | "other" | "unknown";

/**
 * How many members of each kind a plan has.
 */
export type PlanCountsView = { 
/**
 * New members.
 */
creates: number, 
/**
 * Changed members.
 */
updates: number, 
/**
 * Members that stay as they are.
 */
unchanged: number, 
/**
 * Members with a conflict.
 */
conflicts: number, 
/**
 * Members that the list no longer has.
 */
leavers: number, 
/**
 * Records that cannot be taken over.
 */
problems: number, };

/**
 * One field of a row of a plan, on its three sides.
 */
export type PlanFieldView = { 
/**
 * The field.
 */
field: MemberField, 
/**
 * Why it becomes what it becomes: the words of `FieldReason`.
 */
reason: string, 
/**
 * What the federation last gave.
 */
base: string | null, 
/**
 * What the club has.
 */
club: string | null, 
/**
 * What the federation gives now.
 */
federation: string | null, 
/**
 * What the club has afterwards.
 */
becomes: string | null, };

/**
 * What becomes of a member.
 */
export type PlanKind = "create" | "update" | "unchanged" | "conflict" | "leaver" | "problem";

/**
 * Who is no longer as the plan found them.
 */
export type PlanMovedView = { 
/**
 * Twenty of them at most.
 */
members: Array<MovedMemberView>, 
/**
 * Whether there are more.
 */
more: boolean, };

/**
 * Rows of a plan.
 */
export type PlanPageView = { 
/**
 * By name.
 */
rows: Array<PlanRowView>, 
/**
 * Give it to get the next ones; none at the end.
 */
next: string | null, };

/**
 * One row of a plan.
 */
export type PlanRowView = { 
/**
 * Which row, from 1.
 */
number: number, 
/**
 * What becomes of it.
 */
kind: PlanKind, 
/**
 * Identifier of the member; none for a record that cannot be taken over.
 */
member_id: string | null, 
/**
 * The member afterwards, or the record where nothing comes of it.
 */
member: Partial<Record<MemberField, string>>, 
/**
 * Field by field; none for a new member, whose values say it all.
 */
fields: Array<PlanFieldView>, 
/**
 * How sure it is who it is, where the identifier does not say it: `likely`, or `chosen` by a person.
 */
confidence: string | null, 
/**
 * What is wrong with the record.
 */
problem: Problem | null, 
/**
 * Why it cannot be told who it is: the words of `MatchProblem`.
 */
unmatched: string | null, 
/**
 * What to know about single values.
 */
warnings: Array<Warning>, 
/**
 * Why the record is passed over: `left_alone`, `second_record` or `kept_out`, all because somebody said so.
 */
passed_over?: string, };

/**
 * A plan that waits for a person.
 */
export type PlanWaits = "ready" | "held";

/**
 * The practice federation on this computer.
 */
export type PracticeView = { 
/**
 * It runs.
 */
running: boolean, 
/**
 * `http://127.0.0.1:PORT`, where it runs.
 */
base_url: string | null, };

/**
 * Why a file is no preset, or no template.
 */
export type PresetProblemView = { 
/**
 * The file's name.
 */
file: string, 
/**
 * The key that is wrong, where one is.
 */
key: string | null, 
/**
 * File, line and what is wrong.
 */
message: string, };

/**
 * A value that a preset asks for.
 */
export type PresetVariableView = { 
/**
 * Name as used in `{name}`.
 */
name: string, 
/**
 * Label.
 */
label: string, 
/**
 * Where to find it.
 */
help: string, 
/**
 * An example.
 */
example: string, 
/**
 * A regular expression that the whole value matches, where the system's values have a form.
 */
pattern?: string, };

/**
 * One system of the catalogue.
 */
export type PresetView = { 
/**
 * Identifier, e.g. `generic_rest_key`.
 */
id: string, 
/**
 * Name shown.
 */
name: string, 
/**
 * One line: how one signs in and what comes.
 */
summary: string, 
/**
 * `start`, `systems` or `own`: the group in the gallery.
 */
group: string, 
/**
 * Badge.
 */
verified: Verified, 
/**
 * Day of the last check, `YYYY-MM-DD`.
 */
checked_on: string, 
/**
 * Documentation.
 */
documentation: string | null, 
/**
 * What to have at hand, one line each.
 */
needs: Array<string>, 
/**
 * Where to find the key in that system.
 */
key_help: string | null, 
/**
 * A club that a test may ask about where none is connected yet.
 */
sample_club: string | null, 
/**
 * The client id that everybody uses there, where there is one.
 */
client_id: string | null, 
/**
 * Values it asks for.
 */
variables: Array<PresetVariableView>, 
/**
 * The base address is fixed by the preset.
 */
base_fixed: boolean, 
/**
 * What one gets.
 */
capabilities: Array<Capability>, 
/**
 * Where a member's fields stand in a record: dotted paths, the first that has a value counts.
 */
fields: { [key in MemberField]?: Array<string> }, 
/**
 * Where it comes from. No file says so of itself.
 */
origin: Origin, 
/**
 * Settings to start from; code and name are suggestions.
 */
settings: ConnectorSettings, };

/**
 * Why a record is no member. It holds no value.
 */
export type Problem = { 
/**
 * The field.
 */
field: MemberField, 
/**
 * What.
 */
kind: ProblemKind, };

/**
 * What is wrong with a record.
 */
export type ProblemKind = "missing" | "unreadable";

/**
 * A member that a record may be of.
 */
export type ProposedMemberView = { 
/**
 * The member as it is.
 */
member: MemberView, 
/**
 * Another record of the list is this member's already: choosing it passes this record over.
 */
matched: boolean, };

/**
 * How the records of an answer are written.
 */
export type RecordFormat = "json" | "json_api" | "collection_json" | "xml" | "csv";

/**
 * How records are read out of an answer. Where they are is `paging.records`.
 */
export type RecordSettings = { 
/**
 * The format.
 */
format: RecordFormat, 
/**
 * Lists of names and values that are read as objects.
 */
name_values: Array<NameValueSettings>, 
/**
 * `csv`: the character between two fields; found out by itself where absent.
 */
delimiter?: string, };

/**
 * What a template makes of one record.
 */
export type RecordTraceView = { 
/**
 * How each value came to be.
 */
fields: Array<FieldTrace>, 
/**
 * Why the record is no member.
 */
problem: Problem | null, };

/**
 * How the browser leads back to the app (RFC 8252 §7).
 */
export type Redirect = "deep-link" | "loopback";

/**
 * A page of the log, newest first.
 */
export type RequestLogView = { 
/**
 * The attempts.
 */
rows: Array<AttemptView>, 
/**
 * Where the next page starts; none at the end.
 */
next: string | null, };

/**
 * An answer to `request`: redacted unless asked otherwise.
 */
export type RequestView = { 
/**
 * HTTP status.
 */
status: number, 
/**
 * Milliseconds.
 */
ms: number, 
/**
 * Bytes of the body.
 */
bytes: number, 
/**
 * Requests sent.
 */
attempts: number, 
/**
 * Content type.
 */
content_type: string | null, 
/**
 * The body as JSON, values replaced by their kinds unless shown on request.
 */
body: unknown, };

/**
 * What is left of the minute.
 */
export type RequestsLeftView = { 
/**
 * Requests in a minute: ours, or the federation's where that is lower.
 */
limit: number, 
/**
 * How many may still be made now.
 */
left: number, 
/**
 * The federation said the lower limit.
 */
told: boolean, 
/**
 * The federation asks for a pause until then, UTC milliseconds.
 */
paused_until: number | null, };

/**
 * Response times of an hour or of a day.
 */
export type ResponsePointView = { 
/**
 * Start of the hour or the day (UTC), UTC milliseconds.
 */
at: number, 
/**
 * Milliseconds; absent where nothing was answered.
 */
p50_ms: number | null, 
/**
 * Milliseconds; absent where nothing was answered.
 */
p95_ms: number | null, 
/**
 * Attempts.
 */
attempts: number, 
/**
 * Of them, those that failed.
 */
failed: number, };

/**
 * How long leavers and requests are kept from now on.
 */
export type RetentionRequest = { 
/**
 * 12, 24 or 36; none: for good.
 */
leavers_months: number | null, 
/**
 * 7, 30 or 90 days for requests; none: as before.
 */
request_days?: number, };

/**
 * What was older than it is kept.
 */
export type RetentionRunView = { 
/**
 * Nothing was taken: this is what would be.
 */
dry_run: boolean, 
/**
 * Members who left.
 */
leavers: number, 
/**
 * What runs did to whom.
 */
plan_rows: number, 
/**
 * How members were before runs.
 */
undo_rows: number, 
/**
 * Plans that waited for too long.
 */
plans: number, 
/**
 * Requests.
 */
requests: number, 
/**
 * Lines of the error log.
 */
errors: number, 
/**
 * Members who left and stay until the next time, because a run of their club is being made.
 */
later: number, };

/**
 * How long what is kept.
 */
export type RetentionView = { 
/**
 * Months for which a member is kept whom the federation's list no longer has; none: for good.
 */
leavers_months: number | null, 
/**
 * Days for which it is kept how members were before a run, and what the run did to whom.
 */
undo_days: number, 
/**
 * Days for which a plan waits to be applied.
 */
plan_days: number, 
/**
 * Days for which requests are kept: 7, 30 or 90. No value is in them, and what they say about uptime is kept longer.
 */
request_days: number, 
/**
 * Days for which the error log is kept.
 */
error_days: number, };

/**
 * What became of the tokens at the federation when signing out.
 */
export type RevocationView = "revoked" | "not_offered" | "failed" | "nothing_to_revoke";

/**
 * How much of the product is shown on this computer.
 */
export type RoleView = "all" | "support" | "my_club";

/**
 * What such a file contains.
 */
export type RunExportLookView = { 
/**
 * Name of the club.
 */
club: string, 
/**
 * Federation code of the connector.
 */
connector: string, 
/**
 * Whether it was applied: the file says what was changed. Else it says what would be.
 */
applied: boolean, 
/**
 * How many of each kind.
 */
counts: PlanCountsView, 
/**
 * People in it.
 */
people: number, 
/**
 * How many of them are under 18 today, by their date of birth.
 */
children: number, 
/**
 * How many have no date of birth, so that nobody can say.
 */
without_birth: number, 
/**
 * The fields that are named in it.
 */
fields: Array<MemberField>, 
/**
 * Those of them that are health data or the like.
 */
sensitive: Array<MemberField>, };

/**
 * Which plan or run, and in which form.
 */
export type RunExportRequest = { 
/**
 * The run.
 */
run: string, 
/**
 * The form.
 */
format: ExportFormat, 
/**
 * Also health data and the like.
 */
sensitive: boolean, };

/**
 * What a run means to whoever looks through the history. Every run is in one group.
 */
export type RunGroup = "needs_you" | "running" | "ready" | "applied" | "undone" | "failed" | "stopped" | "replaced";

/**
 * How many runs of a group there are, under every other filter of the request.
 */
export type RunGroupCountView = { 
/**
 * The group.
 */
group: RunGroup, 
/**
 * How many.
 */
count: number, };

/**
 * Which runs to list.
 */
export type RunListRequest = { 
/**
 * Those of one connector, deleted or not.
 */
code?: string, 
/**
 * Those of one club, by its own identifier.
 */
org?: string, 
/**
 * Those of one group.
 */
group?: RunGroup, 
/**
 * Those that a person, or a schedule, asked for.
 */
asked_by?: AskedBy, 
/**
 * Those that began then or later, UTC milliseconds.
 */
from?: number, 
/**
 * Those that began earlier, UTC milliseconds.
 */
until?: number, 
/**
 * The oldest first; else the newest.
 */
oldest_first: boolean, 
/**
 * Rows to pass over.
 */
offset: number, 
/**
 * Rows at most, 1 to 500; 100 where absent.
 */
limit?: number, };

/**
 * A page of the history.
 */
export type RunListView = { 
/**
 * The runs.
 */
rows: Array<RunRowView>, 
/**
 * How many there are under all filters.
 */
total: number, 
/**
 * Every group, also those of which there is none.
 */
groups: Array<RunGroupCountView>, };

/**
 * A run with what it is about.
 */
export type RunRowView = { 
/**
 * The run.
 */
run: RunView, 
/**
 * What it means to whoever looks.
 */
group: RunGroup, 
/**
 * Federation code of the connector.
 */
code: string, 
/**
 * Name of the connector.
 */
connector_name: string, 
/**
 * The club's own identifier.
 */
org: string, 
/**
 * Name of the club.
 */
club_name: string, 
/**
 * Whether the club is still connected there: a plan of one that is not cannot be made again.
 */
connected: boolean, 
/**
 * Whether an undo holds this club until somebody says: apply again, or keep mine.
 */
held_by_undo: boolean, 
/**
 * Until when it can be undone, UTC milliseconds; none where it cannot.
 */
undo_until: number | null, };

/**
 * Where records come from.
 */
export type RunSource = "sync" | "import";

/**
 * How far a run is.
 */
export type RunState = "fetching" | "planned" | "held" | "applied" | "undone" | "partly_undone" | "failed" | "cancelled" | "interrupted" | "superseded";

/**
 * One run.
 */
export type RunView = { 
/**
 * Identifier (UUID version 7).
 */
run_id: string, 
/**
 * Identifier of the connection.
 */
connection_id: string, 
/**
 * Where its records come from.
 */
source: RunSource, 
/**
 * Who asked for it.
 */
asked_by: AskedBy, 
/**
 * How far it is.
 */
state: RunState, 
/**
 * UTC milliseconds.
 */
started_at: number, 
/**
 * UTC milliseconds: its plan was there, or it failed.
 */
ended_at: number | null, 
/**
 * Records read.
 */
fetched: number, 
/**
 * Pages read.
 */
page: number, 
/**
 * People in the list who were erased: they are kept out.
 */
erased: number, 
/**
 * Its plan.
 */
counts: PlanCountsView, 
/**
 * SHA-256 of its plan.
 */
hash: string | null, 
/**
 * What holds it and is not allowed yet.
 */
held: Array<GuardView>, 
/**
 * The template that its records were read with.
 */
template: string | null, 
/**
 * The version of the template; none for runs of older versions of the app.
 */
template_version: number | null, 
/**
 * Why it failed: who must act.
 */
class: FailureClass | null, 
/**
 * Why it failed: what was seen.
 */
finding: Finding | null, 
/**
 * Why it failed, as a sentence.
 */
message: string | null, 
/**
 * UTC milliseconds.
 */
applied_at: number | null, 
/**
 * UTC milliseconds.
 */
undone_at: number | null, 
/**
 * Leavers that were left out when it was applied: they stayed members. Absent where none was.
 */
left_out?: number, };

/**
 * A place in samples.
 */
export type SamplePathView = { 
/**
 * Dotted path.
 */
path: string, 
/**
 * In how many of the samples there is a value.
 */
filled: number, };

/**
 * What a schedule may do with the plan that it makes.
 */
export type SchedulePolicy = "preview_only" | "apply_safe";

/**
 * What a schedule may do. What is absent stays.
 */
export type SchedulePolicyRequest = { 
/**
 * With its plan.
 */
policy?: SchedulePolicy, 
/**
 * About missed runs.
 */
missed?: MissedPolicy, };

/**
 * When it shall run by itself.
 */
export type ScheduleSetRequest = { "mode": "on", 
/**
 * Five cron fields.
 */
schedule: string, 
/**
 * IANA time zone; Europe/Dublin where absent.
 */
time_zone?: string, } | { "mode": "off" } | { "mode": "inherit" };

/**
 * Whether it runs by itself, and if not, why.
 */
export type ScheduleState = "runs" | "none" | "off" | "paused" | "stopped";

/**
 * When a club, or all clubs of a connector, sync by themselves.
 */
export type ScheduleView = { 
/**
 * Federation code of the connector.
 */
code: string, 
/**
 * The club; none where it is about the connector.
 */
org: string | null, 
/**
 * Name of the club, or of the connector.
 */
name: string, 
/**
 * Whether it runs.
 */
state: ScheduleState, 
/**
 * Five cron fields; none where there is no schedule.
 */
schedule: string | null, 
/**
 * IANA time zone.
 */
time_zone: string, 
/**
 * Of a club: it follows its connector.
 */
inherited: boolean, 
/**
 * What it may do; none where the clubs of a connector differ.
 */
policy: SchedulePolicy | null, 
/**
 * What becomes of missed runs; none where the clubs of a connector differ.
 */
missed: MissedPolicy | null, 
/**
 * By how much a club starts later than the schedule says, so that not all ask at once: 0 to 15 minutes. 0 for a connector.
 */
delay_minutes: number, 
/**
 * The next five runs, as far as it runs.
 */
next: Array<NextRunView>, 
/**
 * The newest run of a club.
 */
last_run: RunView | null, 
/**
 * The newest plan that waits for a person.
 */
waits: RunView | null, 
/**
 * When a failed run is tried again, UTC milliseconds.
 */
retry_at: number | null, 
/**
 * How often it was tried again.
 */
retry_count: number, 
/**
 * When the last retry had failed too, UTC milliseconds.
 */
gave_up_at: number | null, 
/**
 * What a person is asked.
 */
question: MissedQuestionView | null, 
/**
 * A run was undone: nothing is applied until a person has chosen.
 */
held_by_undo: boolean, };

/**
 * A sign-in to start.
 */
export type SignInRequest = { 
/**
 * Which connector.
 */
code: string, 
/**
 * Another way back than the connector's own.
 */
redirect?: Redirect, 
/**
 * Sign in on another device (RFC 8628), whatever the connector's grant.
 */
device: boolean, };

/**
 * How a connector's sign-in stands.
 */
export type SignInState = "signed_out" | "waiting" | "signed_in" | "ended";

/**
 * What a sign-in under way waits for. Told as it goes on.
 */
export type SignInStepView = { "step": "browser", 
/**
 * Where the browser goes.
 */
authorization_url: string, 
/**
 * Where it comes back to.
 */
redirect_uri: string, 
/**
 * Which way back that is.
 */
redirect: Redirect, 
/**
 * Until when, UTC milliseconds.
 */
expires_at: number, } | { "step": "device", 
/**
 * The code to enter.
 */
user_code: string, 
/**
 * Where.
 */
verification_uri: string, 
/**
 * The same with the code in it.
 */
verification_uri_complete: string | null, 
/**
 * Until when, UTC milliseconds.
 */
expires_at: number, } | { "step": "exchanging" };

/**
 * The sign-in of a connector that uses tokens.
 */
export type SignInView = { 
/**
 * How it stands.
 */
state: SignInState, 
/**
 * How the token is had; none for a two-step sign-in.
 */
grant: Grant | null, 
/**
 * Whether a person takes part.
 */
needs_person: boolean, 
/**
 * Signed in at, UTC milliseconds.
 */
since: number | null, 
/**
 * End of the present access token, UTC milliseconds, where the federation said so.
 */
expires_at: number | null, 
/**
 * A new token is had without a person.
 */
renews: boolean, 
/**
 * What was granted, where the federation said so.
 */
scopes: Array<string>, 
/**
 * What was asked for and not granted.
 */
missing_scopes: Array<string>, 
/**
 * Why it ended, or why the last attempt came to nothing; none where all is well.
 */
reason: Finding | null, 
/**
 * Until when an attempt under way can be completed, UTC milliseconds.
 */
waiting_until: number | null, 
/**
 * The way back of an attempt under way.
 */
waiting_redirect: Redirect | null, 
/**
 * The redirect URI to register for the deep link; null for grants without a browser.
 */
redirect_uri_deep_link: string | null, 
/**
 * The redirect URI to register for the loopback; `{port}` stands for any port.
 */
redirect_uri_loopback: string | null, };

/**
 * A sign-out: the tokens of this computer are gone in any case.
 */
export type SignOutView = { 
/**
 * What became of them at the federation.
 */
revocation: RevocationView, 
/**
 * Why the revocation failed.
 */
finding: Finding | null, 
/**
 * The connector afterwards.
 */
connector: ConnectorView, };

/**
 * A way to the master key.
 */
export type SlotKind = "keychain" | "passphrase";

/**
 * One way in.
 */
export type SlotView = { 
/**
 * Which kind.
 */
kind: SlotKind, 
/**
 * Made at, UTC milliseconds.
 */
made_at: number, };

/**
 * Mission status of a connector (M1).
 */
export type Status = "active" | "inactive" | "error";

/**
 * Version, place and state of the whole.
 */
export type StatusView = { 
/**
 * Version of the app.
 */
version: string, 
/**
 * Folder with the data file.
 */
data_dir: string, 
/**
 * The file, where there is one.
 */
file: FileView | null, 
/**
 * Live connectors by state word; null while locked.
 */
connectors: CountsView | null, } & ({ "state": "first_run" } | { "state": "opening" } | { "state": "locked", 
/**
 * Why.
 */
reason: LockReason, 
/**
 * Ways in that this file has.
 */
slots: Array<SlotKind>, } | { "state": "refused", 
/**
 * `newer_schema`, `damaged`, `storage_denied`, `storage_full` or `storage_failed`.
 */
code: Code, 
/**
 * English sentence.
 */
message: string, } | { "state": "open" });

/**
 * A word for a status as it is filled in.
 */
export type StatusWordForm = { 
/**
 * The system's word.
 */
word: string, 
/**
 * What it means.
 */
means: MemberStatus, };

/**
 * The six steps of a test, in order.
 */
export type StepName = "dns" | "tcp" | "tls" | "auth" | "endpoint" | "record";

/**
 * What is to be applied.
 */
export type SyncApplyRequest = { 
/**
 * The run whose plan it is.
 */
run: string, 
/**
 * Guards that a person allows for this plan.
 */
allow: Array<string>, 
/**
 * What is left out; absent: nothing.
 */
leave_out?: LeaveOut, };

/**
 * A decision about a record of which the plan cannot tell whose it is.
 */
export type SyncMatchRequest = { 
/**
 * The run whose plan it is.
 */
run: string, 
/**
 * The row of the plan.
 */
row: number, 
/**
 * Whose it is.
 */
choice: MatchAs, };

/**
 * How far a list is read.
 */
export type SyncProgressView = { 
/**
 * Records read.
 */
fetched: number, 
/**
 * Pages read.
 */
page: number, 
/**
 * Records that the federation says there are, where it does.
 */
expected: number | null, };

/**
 * Synchronisation.
 */
export type SyncSettings = { 
/**
 * Whether schedules may run it.
 */
enabled: boolean, 
/**
 * Five-field cron expression.
 */
schedule?: string, 
/**
 * IANA time zone of the schedule.
 */
time_zone?: string, 
/**
 * Who wins a conflict.
 */
conflict_strategy: ConflictStrategy, 
/**
 * Fields in which somebody else wins.
 */
fields?: { [key in MemberField]?: ConflictStrategy }, 
/**
 * The template that turns records into members.
 */
template?: string, };

/**
 * A template.
 */
export type Template = { 
/**
 * Identifier, e.g. `foireann_members`.
 */
id: string, 
/**
 * Name shown.
 */
name: string, 
/**
 * Counted up by whoever changes it, from 1.
 */
version: number, 
/**
 * The country whose telephone numbers come without a country code (ISO 3166-1).
 */
country: string, 
/**
 * In which order the system writes day and month.
 */
date_order: DateOrder, 
/**
 * The system's own words for a status, beside those that are known anyway.
 */
status_words?: { [key in string]: MemberStatus }, 
/**
 * The system's own words for a gender.
 */
gender_words?: { [key in string]: MemberGender }, 
/**
 * Tables for `lookup`.
 */
lookups?: { [key in string]: Lookup }, 
/**
 * The fields that are kept; what is not here is not stored. In the order of the fields, whatever the file's is.
 */
fields: { [key in MemberField]?: Mapping }, };

/**
 * A template that is not saved yet, in either of its two forms.
 */
export type TemplateDraft = { "kind": "text", 
/**
 * The file.
 */
toml: string, } | { "kind": "form", 
/**
 * The form.
 */
form: TemplateForm, };

/**
 * One field of a member as it is filled in.
 */
export type TemplateFieldForm = { 
/**
 * The field.
 */
field: MemberField, 
/**
 * Dotted paths in a record; the first that has a value counts.
 */
from: Array<string>, 
/**
 * Takes all paths that have a value instead, with this text between them.
 */
join: string | null, 
/**
 * The same value for every member; instead of paths.
 */
constant: string | null, 
/**
 * What is done with it, in this order.
 */
transforms: Array<Transform>, 
/**
 * A record without it is a problem, and no member.
 */
required: boolean, 
/**
 * A person has switched a sensitive field on.
 */
sensitive: boolean, 
/**
 * What the value must be like, else there is a warning.
 */
check: ValueCheckForm | null, };

/**
 * A template as it is filled in.
 */
export type TemplateForm = { 
/**
 * Identifier.
 */
id: string, 
/**
 * Name shown.
 */
name: string, 
/**
 * Two letters of the country whose telephone numbers come without a country code.
 */
country: string, 
/**
 * In which order the system writes day and month.
 */
date_order: DateOrder, 
/**
 * The fields that are kept, in the order of the fields.
 */
fields: Array<TemplateFieldForm>, 
/**
 * The system's own words for a status.
 */
status_words: Array<StatusWordForm>, 
/**
 * The system's own words for a gender.
 */
gender_words: Array<GenderWordForm>, 
/**
 * Tables for the step `lookup`.
 */
lookups: Array<LookupForm>, };

/**
 * All templates that can be used, and what is wrong with the others.
 */
export type TemplateListView = { 
/**
 * Those of presets in the order of the gallery; a person's own come last.
 */
templates: Array<TemplateRowView>, 
/**
 * Files of the person's own that cannot be used.
 */
problems: Array<PresetProblemView>, 
/**
 * The data file is not open: saved templates, and who uses one, are not known.
 */
is_locked: boolean, };

/**
 * What a new template can be made of.
 */
export type TemplatePartsView = { 
/**
 * Every field as it would be added: with the steps that suit it, and no path.
 */
fields: Array<TemplateFieldForm>, 
/**
 * Those that hold data which needs a reason of its own (GDPR Art. 9): off until a person says otherwise.
 */
sensitive: Array<MemberField>, 
/**
 * Countries whose telephone numbers can be read.
 */
countries: Array<string>, };

/**
 * Where a template is kept, and so what can be done with it.
 */
export type TemplatePlace = "preset" | "file" | "saved";

/**
 * A template in a list.
 */
export type TemplateRowView = { 
/**
 * Identifier.
 */
id: string, 
/**
 * Name shown.
 */
name: string, 
/**
 * Version.
 */
version: number, 
/**
 * The country whose telephone numbers come without a country code.
 */
country: string, 
/**
 * The fields that it keeps.
 */
fields: Array<MemberField>, 
/**
 * Where it comes from.
 */
origin: Origin, 
/**
 * Where it is kept.
 */
place: TemplatePlace, 
/**
 * The first connectors that use it, by name.
 */
used_by: Array<TemplateUserView>, 
/**
 * How many use it.
 */
used_by_count: number, };

/**
 * Where samples come from.
 */
export type TemplateSamplesRequest = { "kind": "connection", 
/**
 * Federation code of the connector.
 */
code: string, 
/**
 * Your own id of the club.
 */
org: string, } | { "kind": "json", 
/**
 * The text.
 */
text: string, } | { "kind": "csv" };

/**
 * Samples that are there. Their values stay where they are: only what a draft reads is shown.
 */
export type TemplateSamplesView = { 
/**
 * By which they are named; until others are taken, 30 minutes at most.
 */
id: string, 
/**
 * How many, 5 at most.
 */
records: number, 
/**
 * The places in them that can be read, in their order.
 */
paths: Array<SamplePathView>, };

/**
 * What a new version is to be.
 */
export type TemplateSaveRequest = { 
/**
 * The template. The version that it names does not count: it is one more than the last.
 */
draft: TemplateDraft, 
/**
 * Saves it under this identifier instead of the draft's own.
 */
id: string | null, 
/**
 * The version that the person started from; none for a new template.
 */
expected_version: number | null, };

/**
 * A draft that is to be looked at.
 */
export type TemplateTryRequest = { 
/**
 * The template.
 */
draft: TemplateDraft, 
/**
 * The version that the text of a form names: the one that the person started from. 1 where there is none.
 */
version: number | null, 
/**
 * The samples that it is tried with.
 */
samples: string | null, };

/**
 * What a draft says in both forms, what is wrong with it, and what it makes of the samples.
 */
export type TemplateTryView = { 
/**
 * As it is filled in; none where the text is no template at all.
 */
form: TemplateForm | null, 
/**
 * As a file; of a text the text itself.
 */
toml: string, 
/**
 * Every mistake, by the keys of the file.
 */
mistakes: Array<FieldError>, 
/**
 * What becomes of each sample; a field with a mistake is left out of it.
 */
records: Array<RecordTraceView>, 
/**
 * Why there are no samples any more: they were kept for a while only.
 */
samples_gone: boolean, };

/**
 * A connector that uses a template.
 */
export type TemplateUserView = { 
/**
 * Federation code.
 */
code: string, 
/**
 * Name.
 */
name: string, 
/**
 * Deleted, and can be restored.
 */
is_deleted: boolean, };

/**
 * One version in the list of them.
 */
export type TemplateVersionView = { 
/**
 * Counted from 1.
 */
version: number, 
/**
 * The template's name then.
 */
name: string, 
/**
 * When it was saved (UTC milliseconds).
 */
saved_at: number, 
/**
 * The version that it is equal to, where a person went back to one.
 */
restored_from: number | null, 
/**
 * The one that counts.
 */
is_current: boolean, };

/**
 * One template.
 */
export type TemplateView = { 
/**
 * What it says.
 */
template: Template, 
/**
 * Where it comes from.
 */
origin: Origin, 
/**
 * The same as a file, to start one's own from.
 */
toml: string, 
/**
 * The same to be filled in.
 */
form: TemplateForm, 
/**
 * Where it is kept.
 */
place: TemplatePlace, 
/**
 * When this version was saved (UTC milliseconds), where it is one of the data file.
 */
saved_at: number | null, 
/**
 * The first connectors that use it, by name.
 */
used_by: Array<TemplateUserView>, 
/**
 * How many use it.
 */
used_by_count: number, };

/**
 * A test of settings that are not saved yet.
 */
export type TestDraftRequest = { 
/**
 * The settings as typed.
 */
settings: ConnectorSettings, 
/**
 * Credentials as typed; absent uses the stored ones of `code`.
 */
credentials?: CredentialsRequest, 
/**
 * The connector whose stored credentials are used where none were typed.
 */
code?: string, 
/**
 * A club's id at the federation, where the address of the list needs one.
 */
organisation?: string, };

/**
 * The result of a test before saving.
 */
export type TestDraftView = { 
/**
 * The report.
 */
report: TestReportView, 
/**
 * Give it back with the save, so that the connector starts as tested.
 */
test_handle: string, };

/**
 * The result of a test.
 */
export type TestReportView = { 
/**
 * All steps done.
 */
ok: boolean, 
/**
 * Who must act; null where none.
 */
class: FailureClass | null, 
/**
 * What was seen; null where all is well and the list has records.
 */
finding: Finding | null, 
/**
 * HTTP status of the step that decided, where there was one.
 */
status: number | null, 
/**
 * When it may be tried again, seconds, from Retry-After.
 */
retry_after_seconds: number | null, 
/**
 * English: what happened.
 */
title: string, 
/**
 * English: what it means and what to do now.
 */
fix: string, 
/**
 * Host the connector talks to.
 */
host: string, 
/**
 * Started at, UTC milliseconds.
 */
started_at: number, 
/**
 * The six steps.
 */
steps: Array<TestStepView>, };

/**
 * One step of a test.
 */
export type TestStepView = { 
/**
 * Which.
 */
name: StepName, 
/**
 * True done, false failed, null not tried.
 */
ok: boolean | null, 
/**
 * Milliseconds it took; null where not tried.
 */
ms: number | null, 
/**
 * English facts without secrets, e.g. `TLS 1.3, certificate valid until 3 March 2027`.
 */
detail: string, };

/**
 * Colours.
 */
export type Theme = "system" | "light" | "dark";

/**
 * What happened to a value.
 */
export type TraceKind = "kept_club" | "took_federation" | "took_value" | "edited" | "changed" | "rule" | "came";

/**
 * One thing that happened to a value.
 */
export type TraceStepView = { 
/**
 * What.
 */
kind: TraceKind, 
/**
 * UTC milliseconds.
 */
at: number, 
/**
 * The value before; what the federation had sent, of a decision.
 */
before: string | null, 
/**
 * The value afterwards.
 */
after: string | null, 
/**
 * The run.
 */
run_id: string | null, 
/**
 * The place in the federation's record, or the names of the rules.
 */
detail: string | null, };

/**
 * Why a value is so.
 */
export type TraceView = { 
/**
 * The value.
 */
value: MemberValueView, 
/**
 * Name of the connector.
 */
connector_name: string, 
/**
 * Newest first.
 */
steps: Array<TraceStepView>, 
/**
 * Whether there was more that is no longer known, because it is older than 30 days.
 */
forgotten: boolean, };

/**
 * What is to be done with a value, as a template says it. They run in the order in which they stand there.
 */
export type Transform = "trim" | "name_case" | "phone" | "date" | "epoch_milliseconds" | "epoch_seconds" | "email" | "postcode" | "status" | "gender" | "split_name" | "split_address" | { "lookup": string };

/**
 * A request that a person tries; always a GET.
 */
export type TryRequest = { 
/**
 * Federation code.
 */
code: string, 
/**
 * A path below the connector's address, with `/` at its start; placeholders as in the settings.
 */
path: string, 
/**
 * A club's id at the federation, for `{federation_org_id}`.
 */
organisation?: string, 
/**
 * Show the values of the answer. Members are in it.
 */
reveal: boolean, };

/**
 * The first request of a two-step sign-in: `secret`, or `username` and `password`, are posted to
 * `url`, and the answer holds the token.
 */
export type TwoStepSettings = { 
/**
 * Where to: a path below the base, or an absolute address.
 */
url: string, 
/**
 * How the body is written.
 */
body: BodyFormat, 
/**
 * Another media type than the usual one of `body`, where the system insists.
 */
content_type?: string, 
/**
 * Dotted path to the token in the answer, e.g. `data.accessToken`.
 */
token_path: string, 
/**
 * Dotted path to the token's life in seconds, where the answer tells it.
 */
expires_path?: string, 
/**
 * The token's life in seconds, 1 to 31,536,000, where only the documentation tells it.
 */
lifetime_seconds?: number, };

/**
 * A member that a run changed.
 */
export type UndoMemberView = { 
/**
 * Identifier (UUID version 7).
 */
member_id: string, 
/**
 * Its name, as the run left it.
 */
name: string, 
/**
 * The federation's identifier.
 */
external_id: string | null, 
/**
 * What the run did.
 */
kind: PlanKind, 
/**
 * It was put back already.
 */
undone: boolean, 
/**
 * It can be put back: nobody has changed it since.
 */
can: boolean, };

/**
 * Members that a run changed.
 */
export type UndoMembersView = { 
/**
 * By what the run did, then by name.
 */
rows: Array<UndoMemberView>, 
/**
 * Give it to get the next ones; none at the end.
 */
next: string | null, };

/**
 * What an undo would do.
 */
export type UndoOutlookView = { 
/**
 * Members that would be as they were before.
 */
can: number, 
/**
 * Members that would stay, because somebody or a later run has changed them since; the first hundred.
 */
edited_later: Array<UndoMemberView>, 
/**
 * All of these.
 */
edited_later_count: number, 
/**
 * Until when, UTC milliseconds; none where the run cannot be undone any more, or never changed anybody.
 */
until: number | null, };

/**
 * What an undo did.
 */
export type UndoView = { 
/**
 * The run afterwards.
 */
run: RunView, 
/**
 * Members that are as they were before.
 */
undone: number, 
/**
 * Members that stay, because they were changed later.
 */
edited_later: Array<string>, };

/**
 * What a value must be like. All given conditions must hold.
 */
export type ValueCheck = { 
/**
 * A regular expression that the whole value matches.
 */
pattern?: string, 
/**
 * Most characters.
 */
max_length?: number, 
/**
 * The values that there are.
 */
one_of: Array<string>, };

/**
 * A check as it is filled in.
 */
export type ValueCheckForm = { 
/**
 * A regular expression that the whole value matches.
 */
pattern: string | null, 
/**
 * Most characters, as typed; empty for no limit.
 */
max_length: string, 
/**
 * The values that there are.
 */
one_of: Array<string>, };

/**
 * Where a value comes from.
 */
export type ValueSource = "came" | "run" | "club" | "decision";

/**
 * How a preset was verified.
 */
export type Verified = "live" | "docs" | "clients" | "no";

/**
 * Something about one value. It holds no value.
 */
export type Warning = { 
/**
 * The field.
 */
field: MemberField, 
/**
 * What.
 */
kind: WarningKind, };

/**
 * What a person should know about a value. It never holds the value.
 */
export type WarningKind = "unreadable_phone" | "bad_email" | "unreadable_date" | "impossible_date" | "ambiguous_date" | "two_digit_year" | "unknown_word" | "not_in_table" | "check_failed" | "too_long" | "not_plain";
