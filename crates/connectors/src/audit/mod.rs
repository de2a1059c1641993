//! The audit log: who did what, and when, as a chain that shows when somebody has changed it. Pure; the rows are
//! `store/audit_entry.rs`, and `app/audit/` writes them inside the transactions of the acts themselves.
//!
//! # What is protected
//! Each entry has a hash, HMAC-SHA256 under a key of its own over the hash before it, its number and all that it says. Who has
//! no key can change, take out, put in or move no entry of a log without [`Chain`] naming the place. What is cut off at the
//! end leaves a shorter log that is whole by itself; it shows because the newest number and hash also stand in a small file
//! beside the data ([`Anchor`]): written when the file is locked or the app ends, with each backup, and every minute at most
//! while somebody works. What was done after the anchor was last written can be cut off unseen. A restore of an older backup is an
//! entry itself and moves the anchor.
//!
//! # What is not
//! The key is in the vault of this computer. Whoever may open the file (a local administrator with the keychain or the
//! passphrase) can compute hashes too and write the whole log anew, with its anchor. Whoever may delete files can delete the
//! anchor: the check then says that there is none. Only a copy of number and hash kept elsewhere, such as a
//! printed check or a backup on another computer, tells in these two cases.
//!
//! # What never stands in an entry
//! A value: no name, date, address or setting of anybody. There are names of fields, words of closed sets, numbers and
//! identifiers. A member is a salted hash, and erasing the member destroys the salt (see [`MemberMark`]).

mod anchor;
mod chain;
mod entry;
mod words;

pub use anchor::{Anchor, AnchorReason};
pub use chain::{Break, Chain, GENESIS, Hash, Link};
pub use entry::{Entry, MemberMark, SALT_BYTES, Stored};
pub(crate) use words::word_of;
pub use words::{Actor, AuditArea, AuditWhat};
