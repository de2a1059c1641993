//! One entry: what it may say, and the one form of bytes that its hash is made of.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use uuid::Uuid;

use super::words::{Actor, AuditWhat, word_of};
use crate::clock::UtcMillis;
use crate::error::{Error, Result};
use crate::random::Random;

/// Length of the salt of a member in an entry, in bytes.
pub const SALT_BYTES: usize = 16;
/// Longest name of a field or word that is kept, in characters.
const NAME_LIMIT: usize = 80;

/// An act to be entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub(crate) what: AuditWhat,
    pub(crate) connector: Option<String>,
    pub(crate) connection_id: Option<Uuid>,
    pub(crate) run_id: Option<Uuid>,
    pub(crate) member_id: Option<Uuid>,
    fields: Vec<String>,
    words: Vec<String>,
    counts: Vec<(&'static str, u64)>,
}

impl Entry {
    /// An entry that says nothing but what was done.
    #[must_use]
    pub fn of(what: AuditWhat) -> Self {
        Self {
            what,
            connector: None,
            connection_id: None,
            run_id: None,
            member_id: None,
            fields: Vec::new(),
            words: Vec::new(),
            counts: Vec::new(),
        }
    }

    /// To the connector of that federation code.
    #[must_use]
    pub fn connector(mut self, code: &str) -> Self {
        self.connector = Some(name(code));
        self
    }

    /// To that connection of a club.
    #[must_use]
    pub fn connection(mut self, id: Uuid) -> Self {
        self.connection_id = Some(id);
        self
    }

    /// By that run.
    #[must_use]
    pub fn run(mut self, id: Uuid) -> Self {
        self.run_id = Some(id);
        self
    }

    /// To that member. Only a salted hash of it is kept.
    #[must_use]
    pub fn member(mut self, id: Uuid) -> Self {
        self.member_id = Some(id);
        self
    }

    /// Names of fields, never their values.
    #[must_use]
    pub fn fields<S: AsRef<str>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        self.fields
            .extend(names.into_iter().map(|one| name(one.as_ref())));
        self
    }

    /// A word of a closed set.
    #[must_use]
    pub fn word(mut self, word: &str) -> Self {
        self.words.push(name(word));
        self
    }

    /// A number. One that is zero is left out.
    #[must_use]
    pub fn count(mut self, of: &'static str, number: u64) -> Self {
        if number > 0 {
            self.counts.push((of, number));
        }
        self
    }

    /// As it is stored.
    ///
    /// # Errors
    /// Where no salt can be made for a member.
    pub(crate) fn stored(
        self,
        who: Actor,
        at: UtcMillis,
        random: &dyn Random,
    ) -> Result<(Stored, Option<[u8; SALT_BYTES]>)> {
        let mark = match self.member_id {
            Some(id) => Some(MemberMark::make(id, random)?),
            None => None,
        };
        let counts: Vec<String> = self
            .counts
            .iter()
            .map(|(of, number)| format!("{of}={number}"))
            .collect();
        Ok((
            Stored {
                at,
                who: word_of(&who),
                area: word_of(&self.what.area()),
                what: word_of(&self.what),
                connector: self.connector,
                connection_id: self.connection_id,
                run_id: self.run_id,
                member_hash: mark.as_ref().map(|mark| mark.hash),
                fields: self.fields.join(","),
                words: self.words.join(","),
                counts: counts.join(","),
            },
            mark.map(|mark| mark.salt),
        ))
    }
}

/// A name as it may stand between commas. Names of settings are chosen by people in places (a header, a variable): what is
/// no sign of a name becomes `_`.
fn name(text: &str) -> String {
    let is_sign = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    let kept = text.chars().take(NAME_LIMIT);
    kept.map(|c| if is_sign(c) { c } else { '_' }).collect()
}

/// A member in an entry: HMAC-SHA256 of the identifier under a salt that no other entry has. While the salt is there, whoever
/// knows the identifier can tell whether the entry is about it; without, nobody can, and two entries about one
/// person cannot be seen to belong together.
pub struct MemberMark {
    /// What the entry says.
    pub hash: [u8; 32],
    /// What an erasing destroys.
    pub salt: [u8; SALT_BYTES],
}

impl MemberMark {
    fn make(id: Uuid, random: &dyn Random) -> Result<Self> {
        let mut salt = [0; SALT_BYTES];
        random
            .fill(&mut salt)
            .map_err(|source| Error::internal("make the salt of an entry", source))?;
        Ok(Self {
            hash: Self::hash(id, &salt)?,
            salt,
        })
    }

    /// What an entry with this salt says about that member.
    pub(crate) fn hash(id: Uuid, salt: &[u8]) -> Result<[u8; 32]> {
        let mut mac = Hmac::<Sha256>::new_from_slice(salt)
            .map_err(|source| Error::internal("hash the member of an entry", source))?;
        mac.update(b"federation-connectors/v1/audit-member");
        mac.update(id.as_bytes());
        Ok(mac.finalize().into_bytes().into())
    }
}

/// An entry as its columns hold it. What is hashed are these very columns, so that checking a log reads no word of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// When.
    pub at: UtcMillis,
    /// Through what ([`Actor`]).
    pub who: String,
    /// What it is about ([`super::AuditArea`]).
    pub area: String,
    /// What was done ([`AuditWhat`]).
    pub what: String,
    /// Federation code of the connector.
    pub connector: Option<String>,
    /// Connection of a club.
    pub connection_id: Option<Uuid>,
    /// Run.
    pub run_id: Option<Uuid>,
    /// Member, as [`MemberMark`] says.
    pub member_hash: Option<[u8; 32]>,
    /// Names of fields, with commas between.
    pub fields: String,
    /// Words of closed sets, with commas between.
    pub words: String,
    /// `name=number`, with commas between.
    pub counts: String,
}

impl Stored {
    /// The bytes that are hashed: each column as one byte that says whether there is a value, and the value behind its length
    /// (u32, big-endian), in the order of the columns. No two different entries have the same bytes.
    #[must_use]
    pub fn canonical(&self) -> Vec<u8> {
        let id = |id: Option<Uuid>| id.map(|id| id.as_bytes().to_vec());
        let columns: [Option<Vec<u8>>; 11] = [
            Some(self.at.0.to_be_bytes().to_vec()),
            Some(self.who.clone().into_bytes()),
            Some(self.area.clone().into_bytes()),
            Some(self.what.clone().into_bytes()),
            self.connector.clone().map(String::into_bytes),
            id(self.connection_id),
            id(self.run_id),
            self.member_hash.map(|hash| hash.to_vec()),
            Some(self.fields.clone().into_bytes()),
            Some(self.words.clone().into_bytes()),
            Some(self.counts.clone().into_bytes()),
        ];
        let mut bytes = Vec::with_capacity(256);
        for column in columns {
            match column {
                None => bytes.push(0),
                Some(value) => {
                    bytes.push(1);
                    // A column is at most some kilobytes; one of 4 GiB could not have been read.
                    let length = u32::try_from(value.len()).unwrap_or(u32::MAX);
                    bytes.extend_from_slice(&length.to_be_bytes());
                    bytes.extend_from_slice(&value);
                }
            }
        }
        bytes
    }
}
