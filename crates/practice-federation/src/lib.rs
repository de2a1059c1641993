//! A federation on this computer only: invented members, real HTTP, faults on demand.
//!
//! People try the product against it before they have a federation's key, and tests talk to it
//! instead of a stranger's API. [`start`] binds 127.0.0.1 (never another address) and serves until
//! [`Practice::stop`] or the drop of [`Practice`]; it runs on a thread and a runtime of its own, so
//! it can be started from any runtime and nothing of it survives the handle.
//!
//! # Credentials
//!
//! They are fixed and printed below and on the page, because they protect invented data: they are
//! practice, not secrets. [`PracticeCredentials`] replaces them, which tests use to plant canaries;
//! none is ever logged.
//!
//! | | |
//! |---|---|
//! | API key | `practice-key-one-opens-invented-data` |
//! | second API key | `practice-key-two-opens-invented-data` (works wherever the first does) |
//! | subscription key | `practice-subscription-opens-invented-data` (only under `/headers`) |
//! | user name, password | `practice`, `invented-members-only` |
//! | public OAuth client | `practice-app`, without a secret |
//! | confidential OAuth client | `practice-office`, `practice-office-secret-opens-invented-data` |
//! | OAuth client without people | `practice-worker`, `practice-worker-secret-opens-invented-data` |
//! | two-step secret | `practice-two-step-opens-invented-data` |
//!
//! # Ways to authenticate
//!
//! | Base address | What a request carries |
//! |---|---|
//! | `/key` | header `X-API-Key: KEY` |
//! | `/bearer` | header `Authorization: Bearer KEY` |
//! | `/prefixed` | header `Authorization: API-Key KEY` |
//! | `/query` | query parameter `api_token=KEY` |
//! | `/headers` | headers `X-API-Key: KEY` and `X-Subscription-Key: SUBSCRIPTION KEY` |
//! | `/basic` | HTTP Basic (RFC 7617) |
//! | `/open` | nothing |
//! | `/oauth2` | header `Authorization: Bearer ACCESS TOKEN`, see OAuth below |
//!
//! # Endpoints, under each base address
//!
//! | `GET` | Answer |
//! |---|---|
//! | `/v1/me` | who the credentials belong to: the cheapest call, for testing a connection |
//! | `/v1/clubs` | envelope of clubs |
//! | `/v1/clubs/{club}` | one club, as `{data, links: {self}}` |
//! | `/v1/members`, `/v1/clubs/{club}/members` | envelope of members |
//! | `/v1/members/{member}` | one member, as `{data, links: {self}}` |
//! | `/v1/plain/members`, `/v1/plain/clubs/{club}/members` | the same lists as bare arrays |
//!
//! Lists take `page` (0-based) and `size` (1 to 200, 20 if absent). The envelope is
//! `{data: […], links: {self, first, prev?, next?, last: {href}}, page: {page, size, totalPages,
//! totalElements}}`; a page after the end is empty. Links never repeat the `api_token`. Errors are
//! `application/problem+json` (RFC 9457): 400 page or size, 401 credentials, 404 club, member or
//! path, 405 method, 421 a `Host` that is not this server's (so that no web page reaches it by
//! rebinding a name).
//!
//! A member has `id, clubId, firstName, lastName, irishFirstName, irishLastName, dateOfBirth,
//! gender, email, mobile, address1, town, county, postcode, membershipType, status, joinedOn`; see
//! [`Member`]. The same seed and number always give the same members.
//!
//! # OAuth
//!
//! A real authorization server (RFC 6749, 7009, 7523, 7636, 8414, 8628, 9207), described at
//! `/.well-known/oauth-authorization-server`:
//!
//! | Address | What it does |
//! |---|---|
//! | `/oauth/authorize` | sign-in page; PKCE with S256 is required, the way back carries `iss` |
//! | `/oauth/token` | `authorization_code`, `refresh_token`, `client_credentials`, device code, JWT bearer |
//! | `/oauth/revoke` | revokes a token; a refresh token takes its family along |
//! | `/oauth/device`, `/oauth/device/verify` | sign-in of a device, and its page |
//! | `/oauth/two-step` | no OAuth: a token for a secret or a password, as some systems have it |
//!
//! Redirect addresses are `com.playerarc.connectors:/oauth/NAME`
//! ([`PracticeOptions::redirect_scheme`]) and any port of 127.0.0.1 and `[::1]`. Refresh tokens
//! change with every use; one that comes twice ends all tokens of its sign-in. Lifetimes are timers,
//! since nothing but `/counted` reads a clock; [`Practice::expire_access_tokens`] does not wait for them.
//! `/practice/oauth` gives the counts as JSON; `POST` takes `{"expire_access_tokens": true}`,
//! `{"revoke_all_tokens": true}` and `{"access_token_lifetime": SECONDS}`.
//!
//! # Twins of real systems
//!
//! `/twin/NAME`, followed by the path of the real API, behaves as that system is documented or as its
//! public clients show it; each module under `twins/` says what is a guess. All have the same members
//! ([`twin_members`], [`PracticeOptions::twin_members`]), numbered from 700001, thirteen of them by hand:
//! three people twice, fadas, telephone numbers of Northern Ireland, a missing surname, lapsed
//! memberships. [`twin_records`] says what the list of each holds. [`TWIN_CREDENTIALS`] opens them:
//!
//! | `NAME` | A request carries | List |
//! |---|---|---|
//! | `foireann_open_data` | `Authorization: Bearer KEY`, either key | `/open-data/v1/fixtures`, `/open-data/v1/competitions` |
//! | `justgo` | bearer of `POST /api/v2.2/Auth` (JSON `secret`) | `/api/v2.2/Members/FindByAttributes` |
//! | `hitobito` | `X-TOKEN: KEY` | `/api/people`, `/api/roles` |
//! | `twizzit` | bearer of `POST /v2/api/authenticate` (form) | `/v2/api/contacts`, `…/memberships`, `…/organizations` |
//! | `eventor` | `ApiKey: KEY` | `/api/persons/organisations/4711` (XML) |
//! | `nuliga` | bearer of `POST /rs/auth/token` (scope `nuPortalRS_federation`) | `/rs/2014/federations/PF/players` |
//! | `comet` | `?API_KEY=KEY` | `/data-backend/api/public/areports/run/4711/{page}/{size}/` |
//! | `easyverein` | `Authorization: Bearer KEY`, changed by `/api/v2.0/refresh-token` | `/api/v2.0/member` |
//! | `webling` | `apikey: KEY` | `/api/1/member?format=full` |
//! | `wild_apricot` | bearer of `POST /auth/token` (Basic `APIKEY:KEY`, scope `auto`) | `/v2.2/accounts/4711/contacts?$async=false` |
//! | `teamsnap` | bearer of `/oauth/token` | `/v3/members/search?team_id=4711` (Collection+JSON) |
//! | `leagueapps` | bearer of `POST /v2/auth/token` (JWT of the worker) | `/v2/sites/4711/export/registrations-2` |
//! | `spordle` | `Authorization: API-Key KEY` | `/api/sp/members?filter={"limit":…,"skip":…}` |
//! | `playhq` | `x-api-key: KEY` and `x-phq-tenant: practice` | `/v1/seasons/{season}/teams` |
//! | `play_cricket` | `?api_token=KEY` | `/api/v2/sites/4711/players?include_everyone=yes` |
//! | `hello_club` | `X-Api-Key: KEY` | `/member` |
//! | `csv_members` | nothing | `/members.csv` |
//!
//! | | |
//! |---|---|
//! | key, second key | `twin-key-one-opens-invented-data`, `twin-key-two-opens-invented-data` |
//! | Twizzit's user name, password | `twin`, `twins-of-invented-members` |
//! | `JustGo`'s secret | `twin-secret-opens-invented-data` |
//! | nuLiga's client, its secret | `twin-client`, `twin-client-secret-opens-invented-data` |
//! | every club, group, site, account, team, report | `4711` |
//! | `PlayHQ`'s season | `5eed5ea5-0000-4000-8000-000000002026` |
//!
//! Tokens are those of the authorization server above and end with them. A twin that is asked too fast
//! is a fault on its path: `status=429,retry-after=7,path=/twin/twizzit`.
//!
//! # Ways of paging
//!
//! `/paging/STYLE` needs no authentication. Each takes `count` (rows in all, 45 unless given, at most
//! 1,000,000, made while they are sent) or, but for `keyset`, `rows=club` (the members of the twins, as
//! [`Member`] writes them), `fault` and `envelope` (`foireann`: `{data, links, page}`,
//! `spring`: `{content, …}`, `bare`); sizes over 1,000 are cut. [`paging_row_id`] is the id of each row.
//!
//! | `STYLE` | Parameters | What follows is said by |
//! |---|---|---|
//! | `page0` | `page` from 0, `size` | `page.totalPages`, `links.next.href` |
//! | `page1` | `page` from 1, `size` | `last`, `totalPages` (Spring's envelope) |
//! | `offset` | `offset`, `limit` | `page.total` |
//! | `cursor` | `cursor`, `size` | `metadata.{hasMore, nextCursor}` |
//! | `link_body` | `page`, `size` | `links.next.href` |
//! | `link_header` | `page`, `size` | header `Link` with `rel="next"` (bare array) |
//! | `keyset` | `last-updated`, `last-id`, `limit` | an empty array at the end; rows are revisions, some `deleted` ([`is_deleted_in_keyset`]) |
//! | `path/{page}/{size}` | the path, from 0 | `page.totalPages` |
//! | `header_totals` | `page` from 1, `per_page` | headers `X-Pagination-{Total-Count, Page-Count, Current-Page, Per-Page}` and `Link` |
//! | `none` | | nothing: one bare array |
//!
//! | `fault` | What goes wrong |
//! |---|---|
//! | `repeated_page` | from the third page on, the second comes again |
//! | `shrinking_total` | from the second page on, the total is a page less and the last rows are gone |
//! | `more_on_last` | every page says that another follows |
//! | `empty_last` | one more page is announced than there is, and it is empty |
//! | `size_ignored` | pages have 10 rows |
//! | `duplicates` | each page begins with the last row of the one before |
//! | `loop` | what follows the second page is the first; numbered pages begin anew after the end |
//!
//! # Error bodies
//!
//! `/errors/NAME` answers every method with one of the error bodies that real systems send; what is
//! below it is ignored, `?status=CODE` replaces the status. `NAME`: `problem` (RFC 9457), `json_api`,
//! `oauth`, `nif_1018` (401 with the number 1018), `graphql_200` (errors with status 200), `login_page`
//! (HTML with status 200), `empty_204`, `too_many_seconds` (429; `?seconds=`), `too_many_date`
//! (`?date=`), `too_many_none`, `truncated_json`, `latin1_xml` (says UTF-8), `bom_json`, `gzip_json`.
//!
//! # Hostile answers
//!
//! `/hostile/NAME` answers with status 200, likewise whatever is below it. All are made while they are
//! sent, so that they cost no memory here.
//!
//! | `NAME` | What comes |
//! |---|---|
//! | `truncated_json` | half of a list |
//! | `endless` | a list of 10 GB whose length is not announced; `?bytes=` |
//! | `gzip_bomb` | 4 GiB in about 4 MB; `?bytes=` (unpacked) |
//! | `deep_json` | 10,000 lists in each other; `?depth=` |
//! | `mislabelled_xml` | ISO-8859-1 that says it is UTF-8 |
//! | `billion_laughs` | entities of entities |
//! | `bom` | a byte order mark before a list |
//! | `login_page` | HTML |
//! | `redirect_elsewhere` | 302 to `?to=` (else to this server as `localhost`); `?status=` |
//! | `slow` | a byte a second; `?milliseconds=` |
//! | `cut` | the whole length announced, half sent, the connection broken |
//!
//! # Counting
//!
//! `/counted`, and whatever is below it, answers every method at once and remembers when each request
//! came: [`Practice::counted_arrivals`] and [`busiest_window`] tell a test whether any minute held more
//! than a limit allows. Only this reads a clock, a monotonic one.
//!
//! # Faults
//!
//! A [`Fault`] spoils answers: through [`PracticeOptions::faults`], [`Practice::set_faults`], the
//! page at `/practice`, or `/practice/faults` (`GET` lists; `POST {"fault": "status=503,count=2"}`
//! adds; `DELETE` clears; `DELETE /practice/faults/{id}` removes one). The text form is that of
//! [`Fault`]'s `FromStr`; `token=…` ([`TokenFault`]) spoils answers of `/oauth/token`, `revoke=503`
//! those of `/oauth/revoke`, `authorize=…` ([`RedirectFault`]) the ways back to a client. Faults never touch `/practice`. Changes are refused when the request's
//! `Origin` is a stranger's.

mod api;
mod asked;
mod auth;
mod chance;
mod clock;
mod connection;
mod control;
mod counted;
mod credentials;
mod failures;
mod faults;
mod hostile;
mod injection;
mod log;
mod members;
mod names;
mod oauth;
mod oauth_faults;
mod options;
mod page;
mod pages;
mod paging;
mod problem;
mod router;
mod server;
mod state;
mod twins;

pub use counted::busiest_window;
pub use credentials::PracticeCredentials;
pub use faults::{Fault, FaultKind, FaultParseError, FaultReport};
pub use log::{RecordedRequest, SeenRequest};
pub use members::{
    Club, Gender, Member, MembershipStatus, MembershipType, clubs, invented_members,
};
pub use oauth::{OAuthCounts, OAuthReport};
pub use oauth_faults::{RedirectFault, TokenFault};
pub use options::PracticeOptions;
pub use pages::{is_deleted_in_keyset, paging_row_id};
pub use server::{Practice, StartError, start};
pub use twins::{TWIN_CREDENTIALS, Twin, TwinCredentials, TwinRecord, twin_members, twin_records};
