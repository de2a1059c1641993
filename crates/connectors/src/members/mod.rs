//! What a member is: fields and values; how a federation's words become ours (transforms). Which of two
//! values wins is `sync`'s to decide; where they are kept is the store's.

mod field;
pub mod transform;
mod values;

pub use field::MemberField;
pub use transform::WarningKind;
pub use transform::date::{DateEvidence, DateOrder};
pub use transform::lookup::{Lookup, Otherwise};
pub use transform::phone::Country;
pub use transform::words::{MemberGender, MemberStatus, Word};
pub use values::MemberValues;
