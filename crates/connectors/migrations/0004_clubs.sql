-- Format 4: clubs, and their connections to connectors.

-- A club. `own_id` is the caller's own identifier, e.g. `ballyduff`: the same one at two federations is the same club.
CREATE TABLE organisation (
    id         BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    own_id     TEXT NOT NULL UNIQUE,
    name       TEXT NOT NULL,
    name_key   TEXT NOT NULL,
    search_key TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
-- Unique by its last column: that is what lets a list ordered by it join without being sorted.
CREATE UNIQUE INDEX organisation_by_name ON organisation (name_key, id);

-- A club at a connector. A disconnection ends the row and keeps it; connecting again is a new row.
CREATE TABLE connection (
    id                   BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    connector_id         BLOB NOT NULL REFERENCES connector (id) ON DELETE CASCADE,
    organisation_id      BLOB NOT NULL REFERENCES organisation (id),
    federation_org_id    TEXT NOT NULL,
    -- The federation's own name of the club, as it was looked up.
    federation_name      TEXT,
    -- What the federation calls it, folded for searching.
    search_key           TEXT NOT NULL,
    enabled_at           INTEGER NOT NULL,
    disconnected_at      INTEGER,
    last_sync_at         INTEGER,
    -- Failures in a row that concern this club alone; those of the connector are counted there.
    consecutive_failures INTEGER NOT NULL DEFAULT 0 CHECK (consecutive_failures >= 0),
    last_error_at        INTEGER,
    last_error_class     TEXT,
    -- A finding's word; null where pages did not follow each other.
    last_error_finding   TEXT,
    created_at           INTEGER NOT NULL,
    version              INTEGER NOT NULL DEFAULT 1,
    CHECK ((last_error_at IS NULL) = (last_error_class IS NULL))
) STRICT;

-- A club is connected once to a connector, and the federation's id stands for one club.
CREATE UNIQUE INDEX connection_live ON connection (connector_id, organisation_id) WHERE disconnected_at IS NULL;
CREATE UNIQUE INDEX connection_live_by_federation_id ON connection (connector_id, federation_org_id)
    WHERE disconnected_at IS NULL;
-- The other direction, history included: the newest first.
CREATE INDEX connection_by_organisation ON connection (organisation_id, enabled_at, id);
CREATE UNIQUE INDEX connection_live_by_organisation ON connection (organisation_id, connector_id)
    WHERE disconnected_at IS NULL;
CREATE INDEX connection_live_by_last_sync ON connection (last_sync_at, id) WHERE disconnected_at IS NULL;
-- For the foreign key, live or not.
CREATE INDEX connection_by_connector ON connection (connector_id);

-- What happened to a connection. Rows are only ever added.
CREATE TABLE connection_event (
    id            BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    connection_id BLOB NOT NULL REFERENCES connection (id) ON DELETE CASCADE,
    at            INTEGER NOT NULL,
    kind          TEXT NOT NULL
) STRICT;
CREATE INDEX connection_event_by_time ON connection_event (connection_id, at, id);
