//! What a member is: fields and values, and how a federation's record becomes one (templates). Which of two
//! values wins is `sync`'s to decide; where they are kept is the store's.

pub mod cell;
mod field;
mod keys;
mod mapping;
mod template;
pub mod transform;
mod values;
mod words;

pub use field::MemberField;
pub use keys::MemberKeys;
pub use mapping::{FieldTrace, Mapped, Mapper, Problem, ProblemKind, Warning};
pub use template::{Mapping, Template, ValueCheck};
pub use transform::date::{DateEvidence, DateOrder};
pub use transform::lookup::{Lookup, Otherwise};
pub use transform::phone::Country;
pub use transform::words::{MemberGender, MemberStatus, Word};
pub use transform::{Transform, WarningKind};
pub use values::MemberValues;
pub use words::words_of;
