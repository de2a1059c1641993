-- Format 1: connectors, their sealed credentials, their tests and what happened to them.
-- Ids are UUID version 7 as 16 bytes, times are UTC milliseconds. Words of closed sets are those of
-- the wire; they carry no CHECK, because an additive migration could not widen it.

-- Facts about the file itself, e.g. `database_id`.
CREATE TABLE meta (
    key   TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- How often each term of the credential key was used. Counted in the transaction that stores the
-- sealed text, so that the limit of a term (2^31) is never passed unseen.
CREATE TABLE credential_term (
    term        INTEGER PRIMARY KEY NOT NULL,
    encryptions INTEGER NOT NULL DEFAULT 0 CHECK (encryptions >= 0),
    made_at     INTEGER NOT NULL
) STRICT;

-- What a list shows. The settings have a table of their own: a list of 10,000 connectors then reads
-- 3 MB instead of 20.
-- `live` is 1 for a connector in use, 0 for a deleted one, -1 for a purged one. A purge frees the
-- code: it moves from `federation_code` (unique) to `former_code`; the row stays as history.
CREATE TABLE connector (
    id                     BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    federation_code        TEXT UNIQUE,
    former_code            TEXT,
    name                   TEXT NOT NULL,
    name_key               TEXT NOT NULL,
    search_key             TEXT NOT NULL,
    status                 TEXT NOT NULL CHECK (status IN ('active', 'inactive', 'error')),
    state                  TEXT NOT NULL,
    attention              INTEGER NOT NULL,
    auth_kind              TEXT NOT NULL,
    environment            TEXT NOT NULL,
    preset                 TEXT,
    template               TEXT,
    last_test_at           INTEGER,
    last_sync_at           INTEGER,
    last_success_at        INTEGER,
    last_error_at          INTEGER,
    consecutive_failures   INTEGER NOT NULL DEFAULT 0,
    created_at             INTEGER NOT NULL,
    updated_at             INTEGER NOT NULL,
    deleted_at             INTEGER,
    -- What a restore puts back; null for one that is not deleted.
    status_before_deletion TEXT,
    purged_at              INTEGER,
    live                   INTEGER NOT NULL GENERATED ALWAYS AS (
                               CASE WHEN purged_at IS NOT NULL THEN -1 ELSE deleted_at IS NULL END
                           ) STORED,
    version                INTEGER NOT NULL DEFAULT 1,
    credential_id          BLOB REFERENCES credential (id) ON DELETE SET NULL
                               DEFERRABLE INITIALLY DEFERRED,
    previous_credential_id BLOB REFERENCES credential (id) ON DELETE SET NULL
                               DEFERRABLE INITIALLY DEFERRED,
    webhook_credential_id  BLOB REFERENCES credential (id) ON DELETE SET NULL
                               DEFERRABLE INITIALLY DEFERRED,
    CHECK (purged_at IS NULL OR deleted_at IS NOT NULL),
    CHECK ((federation_code IS NULL) = (purged_at IS NOT NULL)),
    CHECK ((former_code IS NULL) = (purged_at IS NULL))
) STRICT;

-- One index an order. They end in what the filters look at, so that a row is fetched only if it is shown.
CREATE INDEX connector_by_attention ON connector (live, attention, name_key, id, state, status);
CREATE INDEX connector_by_name ON connector (live, name_key, id, state, status);
CREATE INDEX connector_by_status ON connector (live, status, name_key, id, state);
CREATE INDEX connector_by_last_sync ON connector (live, last_sync_at, name_key, id, state, status);
CREATE INDEX connector_by_state ON connector (live, state, status);
-- For the foreign keys: removing a credential must not read every connector.
CREATE INDEX connector_by_credential ON connector (credential_id) WHERE credential_id IS NOT NULL;
CREATE INDEX connector_by_previous ON connector (previous_credential_id)
    WHERE previous_credential_id IS NOT NULL;
CREATE INDEX connector_by_webhook ON connector (webhook_credential_id)
    WHERE webhook_credential_id IS NOT NULL;

-- All settings as JSON, without any secret. With rowids: rows of a kilobyte would each spill to a
-- page of their own in a WITHOUT ROWID table.
CREATE TABLE connector_settings (
    connector_id BLOB PRIMARY KEY NOT NULL REFERENCES connector (id) ON DELETE CASCADE
                     DEFERRABLE INITIALLY DEFERRED,
    settings     TEXT NOT NULL CHECK (json_valid(settings))
) STRICT;

-- Sealed texts. `summary` says what is in them without their values.
CREATE TABLE credential (
    id           BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    connector_id BLOB NOT NULL REFERENCES connector (id) ON DELETE CASCADE
                     DEFERRABLE INITIALLY DEFERRED,
    field        TEXT NOT NULL,
    kind         TEXT NOT NULL,
    sealed       TEXT NOT NULL,
    term         INTEGER NOT NULL REFERENCES credential_term (term),
    stored_at    INTEGER NOT NULL,
    expires_on   TEXT,
    tested       INTEGER NOT NULL DEFAULT 0 CHECK (tested IN (0, 1)),
    summary      TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(summary))
) STRICT;
CREATE INDEX credential_by_connector ON credential (connector_id);
CREATE INDEX credential_by_term ON credential (term, id);

-- Tests of connections; the newest 90 of a connector are kept.
CREATE TABLE connection_test (
    id           BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    connector_id BLOB NOT NULL REFERENCES connector (id) ON DELETE CASCADE,
    started_at   INTEGER NOT NULL,
    ok           INTEGER NOT NULL CHECK (ok IN (0, 1)),
    class        TEXT,
    finding      TEXT,
    status       INTEGER,
    report       TEXT NOT NULL CHECK (json_valid(report))
) STRICT;
CREATE INDEX connection_test_by_time ON connection_test (connector_id, started_at, id);

-- What happened to a connector. `detail` holds names of fields or a finding's word, never a value.
CREATE TABLE connector_event (
    id           BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    connector_id BLOB NOT NULL REFERENCES connector (id) ON DELETE CASCADE,
    at           INTEGER NOT NULL,
    kind         TEXT NOT NULL,
    detail       TEXT
) STRICT;
CREATE INDEX connector_event_by_time ON connector_event (connector_id, at, id);
