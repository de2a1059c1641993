-- Format 16: what a person was told.

-- One row for each thing that a person was told, or is to be told, as long as it is so: of a connector its state, a plan of one of
-- its clubs, or the end of its key. Whichever process tells it says so here first, so that nothing is told twice.
CREATE TABLE notice (
    connector_id BLOB NOT NULL REFERENCES connector (id) ON DELETE CASCADE,
    -- `state`, `plan:` with the run, or `ends:` with the moment in UTC milliseconds.
    about        TEXT NOT NULL,
    word         TEXT NOT NULL,
    noted_at     INTEGER NOT NULL,
    -- Null while it waits for others of the same minute, or for the end of quiet hours.
    told_at      INTEGER,
    PRIMARY KEY (connector_id, about)
) STRICT, WITHOUT ROWID;
