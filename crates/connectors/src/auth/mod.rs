//! Signing in (OAuth 2.0 for native apps: RFC 8252, 7636, 9700, 9207): what comes from the browser,
//! what goes to the token endpoint, and when a token is renewed. Deciding is pure (`callback`,
//! `endpoints`, `freshness`, `token_answer`, `device`), doing is at the rim (`discovery`,
//! `token_endpoint`, `two_step`, `loopback`). Nothing here knows the store: `app/` keeps what is found.

pub mod assertion;
pub mod callback;
pub mod device;
pub mod discovery;
pub mod endpoints;
pub mod freshness;
pub mod loopback;
mod page;
mod private_key;
pub mod token_answer;
pub mod token_endpoint;
pub mod token_failure;
pub mod tokens;
pub mod transaction;
pub mod two_step;
mod wire;
