-- Format 15: checks of connectors.

-- One row a check, the newest 400 of each connector. Nothing of an answer is in it but its status. The rows stand in the
-- order in which they are drawn; two of one millisecond are one.
CREATE TABLE beat (
    connector_id BLOB NOT NULL REFERENCES connector (id) ON DELETE CASCADE,
    at           INTEGER NOT NULL,
    -- answered, slow, failed or offline.
    outcome      TEXT NOT NULL,
    ms           INTEGER CHECK (ms >= 0),
    http_status  INTEGER,
    -- A finding's word.
    finding      TEXT,
    -- Traffic proved it: no call of its own was made.
    by_traffic   INTEGER NOT NULL CHECK (by_traffic IN (0, 1)),
    PRIMARY KEY (connector_id, at)
) STRICT, WITHOUT ROWID;
-- The newest check of all.
CREATE INDEX beat_by_time ON beat (at);

-- When a connector was last looked at by itself, written before it is asked: no process asks for the same time again.
CREATE TABLE connector_check (
    connector_id BLOB PRIMARY KEY NOT NULL REFERENCES connector (id) ON DELETE CASCADE,
    handled_at   INTEGER,
    -- How often, where it differs from all others; null follows them.
    every        TEXT
) STRICT;

-- This computer had no network, or a sign-in page of a network was in between, when it was looked at last. At most one row.
CREATE TABLE network_trouble (
    id       INTEGER PRIMARY KEY NOT NULL CHECK (id = 1),
    since    INTEGER NOT NULL,
    -- Something answered in place of the federations.
    captive  INTEGER NOT NULL CHECK (captive IN (0, 1)),
    -- Looks since then.
    looks    INTEGER NOT NULL CHECK (looks >= 1),
    -- Nothing is asked by itself before then.
    again_at INTEGER NOT NULL
) STRICT;
