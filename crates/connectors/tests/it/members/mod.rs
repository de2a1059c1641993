//! Members: fields, values, and how records become them.

mod names;
mod transforms;
mod values;
