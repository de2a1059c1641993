//! Members: fields, values, and how records become them.

mod values;
