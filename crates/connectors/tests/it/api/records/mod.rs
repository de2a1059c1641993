//! Tests of `api::records`.

mod csv;
mod formats;
mod fuzz;
mod hostile;
mod json;
pub(crate) mod support;
mod xml;
