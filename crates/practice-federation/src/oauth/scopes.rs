//! Scopes: what a token opens.

use std::fmt;

/// A set of scopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Scopes {
    pub(crate) members: bool,
    pub(crate) clubs: bool,
    /// A refresh token comes along.
    pub(crate) offline: bool,
}

impl Scopes {
    /// Every scope, in the order they are listed everywhere.
    pub(crate) const NAMES: [&'static str; 3] = ["members.read", "clubs.read", "offline_access"];

    pub(crate) const ALL: Self = Self {
        members: true,
        clubs: true,
        offline: true,
    };

    /// What a client gets that asked for nothing special and has nobody to stay signed in for.
    pub(crate) const READING: Self = Self {
        offline: false,
        ..Self::ALL
    };

    /// What a federation gives that gives less than it was asked for.
    pub(crate) const NARROW: Self = Self {
        members: false,
        clubs: true,
        offline: true,
    };

    /// Reads a list with spaces between; `None` if a scope is unknown or there is none.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut scopes = Self {
            members: false,
            clubs: false,
            offline: false,
        };
        for name in text.split(' ').filter(|name| !name.is_empty()) {
            match name {
                "members.read" => scopes.members = true,
                "clubs.read" => scopes.clubs = true,
                "offline_access" => scopes.offline = true,
                _ => return None,
            }
        }
        (scopes.members || scopes.clubs || scopes.offline).then_some(scopes)
    }

    /// The scopes in both sets.
    pub(crate) fn within(self, other: Self) -> Self {
        Self {
            members: self.members && other.members,
            clubs: self.clubs && other.clubs,
            offline: self.offline && other.offline,
        }
    }

    /// The names of the scopes in the set.
    pub(crate) fn names(self) -> Vec<&'static str> {
        [self.members, self.clubs, self.offline]
            .into_iter()
            .zip(Self::NAMES)
            .filter_map(|(is_in, name)| is_in.then_some(name))
            .collect()
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.names().join(" "))
    }
}
