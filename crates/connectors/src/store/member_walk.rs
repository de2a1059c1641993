//! The indexes that lists of members walk, and what members are looked at for on the way, as SQL.

use std::fmt::Write as _;

use rusqlite::ToSql;
use uuid::Uuid;

use crate::view::MemberFilter;

/// An index that is walked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Walk {
    Names,
    Differing,
    Births,
    Standings,
    OneStanding,
    Connection,
    /// The edited of a connection, and those who have left it.
    DifferingOf,
    LeftOf,
}

impl Walk {
    /// The walk of one connection's members that a filter lets pass.
    pub(super) fn of_connection(filter: MemberFilter) -> Self {
        match filter {
            MemberFilter::Edited => Self::DifferingOf,
            MemberFilter::Left => Self::LeftOf,
            MemberFilter::All | MemberFilter::Active | MemberFilter::Lapsed => Self::Connection,
        }
    }

    /// The index, what holds for all rows of the walk, and the columns of its order.
    pub(super) fn parts(self) -> (&'static str, &'static str, &'static [&'static str]) {
        const NAME: &[&str] = &["m.name_key", "m.id"];
        match self {
            Self::Names => ("member_in_order", "", NAME),
            Self::Differing => ("member_differing", "m.base <> '' AND ", NAME),
            Self::Births => ("member_by_birth", "", &["m.born", "m.name_key", "m.id"]),
            Self::Standings => (
                "member_by_standing",
                "",
                &["m.standing", "m.name_key", "m.id"],
            ),
            Self::OneStanding => ("member_by_standing", "m.standing = ? AND ", NAME),
            Self::Connection => ("member_by_name", "m.connection_id = ? AND ", NAME),
            Self::DifferingOf => (
                "member_differing_of",
                "m.base <> '' AND m.connection_id = ? AND ",
                NAME,
            ),
            Self::LeftOf => (
                "member_left_of",
                "m.left_at IS NOT NULL AND m.connection_id = ? AND ",
                NAME,
            ),
        }
    }
}

pub(super) const COLUMNS: &str =
    "SELECT m.name_key, m.id, m.connection_id, m.current, coalesce(m.base <> '', 0), m.left_at,
    m.version, m.born, m.standing FROM member m";

/// The statement of a walk; `rest` is what rows are looked at for.
pub(super) fn walk_sql(walk: Walk, rest: &str, descending: bool) -> String {
    let (index, holds, columns) = walk.parts();
    let (sign, order) = if descending {
        ("<", " DESC")
    } else {
        (">", "")
    };
    let marks = vec!["?"; columns.len()].join(", ");
    let ordered: Vec<String> = columns.iter().map(|one| format!("{one}{order}")).collect();
    format!(
        "{COLUMNS} INDEXED BY {index} WHERE {holds}({}) {sign} ({marks}){rest} ORDER BY {} LIMIT ?",
        columns.join(", "),
        ordered.join(", ")
    )
}

/// What a walk of one connection is ordered by, and no more: its index says all of it.
pub(super) fn keys_sql(walk: Walk) -> String {
    let (index, holds, _) = walk.parts();
    format!(
        "SELECT m.name_key, m.id, m.born, m.standing FROM member m INDEXED BY {index}
         WHERE {holds}1 LIMIT ?"
    )
}

pub(super) const CLUB_ORDER: &str =
    "SELECT o.name_key, k.id FROM organisation o INDEXED BY organisation_by_name
    CROSS JOIN connection k INDEXED BY connection_by_organisation
    WHERE k.organisation_id = o.id ORDER BY o.name_key, o.id";

pub(super) const OF_CONNECTOR: &str = "SELECT id FROM connection WHERE connector_id = ?1";

/// What a member must be besides what the walk itself promises.
pub(super) struct Rest {
    pub(super) sql: String,
    pub(super) values: Vec<Box<dyn ToSql>>,
}

impl Rest {
    pub(super) fn of(words: &[String], filter: MemberFilter, connections: Option<&[Uuid]>) -> Self {
        let mut rest = Self {
            sql: String::new(),
            values: Vec::new(),
        };
        for word in words {
            // instr has no wildcards, so nothing needs escaping.
            rest.sql.push_str(" AND instr(m.search_key, ?) > 0");
            rest.values.push(Box::new(format!(" {word}")));
        }
        match standing_of(filter) {
            Some(standing) => {
                rest.sql.push_str(" AND m.standing = ?");
                rest.values.push(Box::new(standing));
            }
            None if filter == MemberFilter::Edited => rest.sql.push_str(" AND m.differs = 1"),
            None => {}
        }
        if let Some(connections) = connections {
            rest.sql.push_str(" AND m.connection_id IN (");
            for (place, id) in connections.iter().enumerate() {
                let comma = if place == 0 { "" } else { "," };
                let _ = write!(rest.sql, "{comma}x'{}'", id.simple());
            }
            rest.sql.push(')');
        }
        rest
    }

    /// Whatever it is.
    pub(super) fn nothing() -> Self {
        Self::of(&[], MemberFilter::All, None)
    }

    pub(super) fn is_nothing(&self) -> bool {
        self.sql.is_empty()
    }
}

pub(super) fn standing_of(filter: MemberFilter) -> Option<&'static str> {
    match filter {
        MemberFilter::All | MemberFilter::Edited => None,
        MemberFilter::Active => Some("active"),
        MemberFilter::Lapsed => Some("inactive"),
        MemberFilter::Left => Some("left"),
    }
}

pub(super) const COUNT_STANDING: &str =
    "SELECT 1 FROM member INDEXED BY member_by_standing WHERE standing = ?1 LIMIT ?2";
pub(super) const COUNT_DIFFERING: &str =
    "SELECT 1 FROM member INDEXED BY member_differing WHERE base <> '' LIMIT ?1";

/// How many rows a statement gives.
pub(super) fn rows_in(rows: &mut rusqlite::Rows<'_>) -> rusqlite::Result<u64> {
    let mut count = 0;
    while rows.next()?.is_some() {
        count += 1;
    }
    Ok(count)
}
