-- Format 12: what a person once decided and is not asked about again: who is who, and whose value counts in a field of a club.

-- About a record of which nobody could tell whose it is. `key` is the SHA-256 by which `kept_out` knows a record too: nobody's
-- name stays here.
CREATE TABLE match_choice (
    connection_id BLOB NOT NULL REFERENCES connection (id) ON DELETE CASCADE,
    key           BLOB NOT NULL CHECK (length(key) = 32),
    -- `member`: it is that member. `new`: it is somebody new, who gets this identifier. `leave`: it stays a problem, quietly.
    choice        TEXT NOT NULL CHECK (choice IN ('member', 'new', 'leave')),
    member_id     BLOB CHECK ((member_id IS NULL) = (choice = 'leave')),
    -- The run in whose plan it was said.
    run_id        BLOB NOT NULL,
    chosen_at     INTEGER NOT NULL,
    PRIMARY KEY (connection_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX match_choice_by_member ON match_choice (member_id) WHERE member_id IS NOT NULL;
-- A choice for a member who is gone says nothing. One for a new member stays: an undone run makes the same member again.
CREATE TRIGGER match_choice_without_member AFTER DELETE ON member BEGIN
    DELETE FROM match_choice WHERE member_id = OLD.id AND choice = 'member';
END;

-- Whose value counts in a field of one club, whatever the connector's settings say.
CREATE TABLE field_choice (
    connection_id BLOB NOT NULL REFERENCES connection (id) ON DELETE CASCADE,
    field         TEXT NOT NULL,
    take          TEXT NOT NULL CHECK (take IN ('federation', 'club')),
    chosen_at     INTEGER NOT NULL,
    PRIMARY KEY (connection_id, field)
) STRICT, WITHOUT ROWID;

-- Leavers that were left out when the plan was applied: they stayed members.
ALTER TABLE sync_run ADD COLUMN left_out INTEGER NOT NULL DEFAULT 0 CHECK (left_out >= 0);
