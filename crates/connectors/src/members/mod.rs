//! What a member is: fields and values. How a federation's record becomes one is a template's; which of two
//! values wins is `sync`'s to decide; where they are kept is the store's.

mod field;
mod values;

pub use field::MemberField;
pub use values::MemberValues;
