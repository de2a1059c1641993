-- Format 8: the history of all clubs, and who is kept out after an undo.

-- The history of all clubs by time, with what it is filtered by, so that a row is looked up only where it is shown.
CREATE INDEX sync_run_history ON sync_run (started_at, id, state, asked_by, connection_id);
-- And counted by how the runs ended.
CREATE INDEX sync_run_by_outcome ON sync_run (state, asked_by, started_at, connection_id);

-- When somebody said what shall become of an undone change: apply it again, or keep what was. Null: not said yet.
ALTER TABLE undo_row ADD COLUMN answered_at INTEGER;

-- Records of the federation that the club keeps out: an undone run had brought them, or had brought them back. `key` is the
-- SHA-256 of the federation's identifier, or of names and date of birth where it gives none: nobody's name stays here.
CREATE TABLE kept_out (
    connection_id BLOB NOT NULL REFERENCES connection (id) ON DELETE CASCADE,
    key           BLOB NOT NULL CHECK (length(key) = 32),
    -- The run that was undone.
    run_id        BLOB NOT NULL,
    kept_at       INTEGER NOT NULL,
    PRIMARY KEY (connection_id, key)
) STRICT, WITHOUT ROWID;
