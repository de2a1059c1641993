-- Format 9: the audit log: who did what, and when. Names of fields and numbers, never a value of a person.

-- Rows are only ever added. Each hash covers the one before it, so that no row can be changed, taken out, put in or moved
-- without the key; what is covered is every column but `member_salt` and `hash` itself.
CREATE TABLE audit_entry (
    -- 1, 2, 3, … without gaps.
    seq           INTEGER PRIMARY KEY NOT NULL CHECK (seq > 0),
    -- UTC milliseconds.
    at            INTEGER NOT NULL,
    -- Through what: `window`, `command_line`, `schedule`, or `itself` for what nobody asked for.
    who           TEXT NOT NULL,
    -- What it is about, and what was done: words of closed sets.
    area          TEXT NOT NULL,
    what          TEXT NOT NULL,
    -- Federation code of the connector, as it was then.
    connector     TEXT,
    connection_id BLOB,
    run_id        BLOB,
    -- HMAC-SHA256 of the member's identifier under a salt of this entry alone. Whoever blanks the salt makes the entry nobody's,
    -- and the chain stays whole.
    member_hash   BLOB CHECK (member_hash IS NULL OR length(member_hash) = 32),
    member_salt   BLOB CHECK (member_salt IS NULL OR length(member_salt) = 16),
    -- Names of fields and words of closed sets, with commas between.
    fields        TEXT NOT NULL,
    words         TEXT NOT NULL,
    -- `creates=12,updates=3`.
    counts        TEXT NOT NULL,
    hash          BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

-- Filters of the list; its order is `seq`.
CREATE INDEX audit_entry_by_area ON audit_entry (area, seq, what, connector, at);
CREATE INDEX audit_entry_by_connector ON audit_entry (connector, seq, area, what, at);
-- The entries that an erasing looks through.
CREATE INDEX audit_entry_with_member ON audit_entry (seq) WHERE member_salt IS NOT NULL;
