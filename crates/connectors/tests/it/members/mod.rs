//! Members: fields, values, and how records become them.

mod mapping;
mod names;
mod preset_templates;
mod properties;
mod template;
mod trace;
mod transforms;
mod values;
