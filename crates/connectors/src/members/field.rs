//! The fields of a member: one closed list for presets, templates, merging, the store, files and the window.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The field of a member that a value of a record is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MemberField {
    /// The federation's own identifier.
    ExternalId,
    /// Given name.
    FirstName,
    /// Family name.
    LastName,
    /// Both names in one text, where the system keeps them so.
    FullName,
    /// Given name in Irish.
    IrishFirstName,
    /// Family name in Irish.
    IrishLastName,
    /// Date of birth.
    DateOfBirth,
    /// Gender.
    Gender,
    /// E-mail address.
    Email,
    /// Telephone.
    Phone,
    /// First line of the address.
    #[serde(rename = "address_line_1")]
    #[ts(rename = "address_line_1")]
    AddressLine1,
    /// Second line of the address.
    #[serde(rename = "address_line_2")]
    #[ts(rename = "address_line_2")]
    AddressLine2,
    /// Town.
    Town,
    /// County.
    County,
    /// Postcode.
    Postcode,
    /// Kind of membership.
    MembershipType,
    /// Status of the membership.
    Status,
    /// Since when.
    JoinedOn,
    /// Name of a parent or guardian.
    GuardianName,
    /// E-mail address of a parent or guardian.
    GuardianEmail,
    /// Telephone of a parent or guardian.
    GuardianPhone,
    /// Medical notes (GDPR Art. 9: health data). Off unless a person switches it on.
    MedicalNotes,
}

impl MemberField {
    /// All of them, in the order in which they are shown and written to files.
    pub const ALL: [Self; 22] = [
        Self::ExternalId,
        Self::FirstName,
        Self::LastName,
        Self::FullName,
        Self::IrishFirstName,
        Self::IrishLastName,
        Self::DateOfBirth,
        Self::Gender,
        Self::Email,
        Self::Phone,
        Self::AddressLine1,
        Self::AddressLine2,
        Self::Town,
        Self::County,
        Self::Postcode,
        Self::MembershipType,
        Self::Status,
        Self::JoinedOn,
        Self::GuardianName,
        Self::GuardianEmail,
        Self::GuardianPhone,
        Self::MedicalNotes,
    ];

    /// The word used in files, on the wire and in the store.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ExternalId => "external_id",
            Self::FirstName => "first_name",
            Self::LastName => "last_name",
            Self::FullName => "full_name",
            Self::IrishFirstName => "irish_first_name",
            Self::IrishLastName => "irish_last_name",
            Self::DateOfBirth => "date_of_birth",
            Self::Gender => "gender",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::AddressLine1 => "address_line_1",
            Self::AddressLine2 => "address_line_2",
            Self::Town => "town",
            Self::County => "county",
            Self::Postcode => "postcode",
            Self::MembershipType => "membership_type",
            Self::Status => "status",
            Self::JoinedOn => "joined_on",
            Self::GuardianName => "guardian_name",
            Self::GuardianEmail => "guardian_email",
            Self::GuardianPhone => "guardian_phone",
            Self::MedicalNotes => "medical_notes",
        }
    }

    /// The field of a word, as [`MemberField::as_str`] gives it.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.as_str() == word)
    }

    /// Whether a person must switch it on before a template keeps it.
    #[must_use]
    pub fn is_sensitive(self) -> bool {
        matches!(self, Self::MedicalNotes)
    }

    /// Whether a member keeps it. A full name is only ever read, and taken apart.
    #[must_use]
    pub fn is_kept(self) -> bool {
        !matches!(self, Self::FullName)
    }
}
