-- Format 3: requests: every attempt, the send times that processes share, and connectors that were stopped.

-- One row an attempt. No query value, no body, no header; kept for 30 days. The rows stand in the order in which they
-- are listed and forgotten, so that one takes a single insertion: there is one for each request.
CREATE TABLE attempt (
    connector_id BLOB NOT NULL REFERENCES connector (id) ON DELETE CASCADE,
    at           INTEGER NOT NULL,
    id           BLOB NOT NULL CHECK (length(id) = 16),
    -- The template of the address, e.g. /v1/members/{member_id}.
    endpoint     TEXT NOT NULL,
    method       TEXT NOT NULL,
    status       INTEGER,
    -- A finding's word; null where it was answered well.
    finding      TEXT,
    ms           INTEGER NOT NULL,
    bytes        INTEGER NOT NULL,
    -- Which attempt of its request, from 1.
    number       INTEGER NOT NULL,
    PRIMARY KEY (connector_id, at, id)
) STRICT, WITHOUT ROWID;

-- What is known about a connector's limit besides its settings. `touched_at` is when the send times were last
-- looked at; where it lies ahead of now, the clock was set back.
CREATE TABLE request_rate (
    connector_id BLOB PRIMARY KEY NOT NULL REFERENCES connector (id) ON DELETE CASCADE,
    touched_at   INTEGER NOT NULL,
    -- Requests in a minute, as the federation says.
    told_limit   INTEGER CHECK (told_limit > 0),
    -- Nothing is sent before then, as the federation asks.
    paused_until INTEGER
) STRICT;

-- Reserved send times. One that was reserved and never used counts as used.
CREATE TABLE request_slot (
    id           INTEGER PRIMARY KEY NOT NULL,
    connector_id BLOB NOT NULL REFERENCES connector (id) ON DELETE CASCADE,
    at           INTEGER NOT NULL
) STRICT;
CREATE INDEX request_slot_by_time ON request_slot (connector_id, at);

-- Connectors that were stopped after failures in a row (status `error`), and why.
CREATE TABLE connector_stop (
    connector_id BLOB PRIMARY KEY NOT NULL REFERENCES connector (id) ON DELETE CASCADE,
    class        TEXT NOT NULL,
    finding      TEXT NOT NULL,
    since        INTEGER NOT NULL,
    -- The next probe; null where a person must act.
    probe_at     INTEGER,
    probe_every  INTEGER,
    CHECK ((probe_at IS NULL) = (probe_every IS NULL))
) STRICT;
