-- Format 10: people who were erased.

-- That somebody was erased, and when: neither who nor anything of them. Kept as evidence.
CREATE TABLE erasure (
    id               BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    connector_id     BLOB NOT NULL REFERENCES connector (id) ON DELETE CASCADE,
    organisation_id  BLOB NOT NULL REFERENCES organisation (id),
    erased_at        INTEGER NOT NULL,
    -- When nothing of the person was left in the data file and its log; null: that is still to be done.
    scrubbed_at      INTEGER,
    -- When no backup of before was left in the app's own folder; null: there may be some.
    backups_clean_at INTEGER
) STRICT;
CREATE INDEX erasure_unclean ON erasure (scrubbed_at) WHERE backups_clean_at IS NULL;
CREATE INDEX erasure_by_connector ON erasure (connector_id);
CREATE INDEX erasure_by_organisation ON erasure (organisation_id);

-- By what an erased person is known again and kept out: HMAC-SHA-256 under a key of the sidecar. A person may have several. Of a
-- club at a connector and not of its connection, so that disconnecting and connecting again lets nobody back in.
CREATE TABLE erased_mark (
    connector_id    BLOB NOT NULL REFERENCES connector (id) ON DELETE CASCADE,
    organisation_id BLOB NOT NULL REFERENCES organisation (id),
    mark            BLOB NOT NULL CHECK (length(mark) = 32),
    erasure_id      BLOB NOT NULL REFERENCES erasure (id) ON DELETE CASCADE,
    PRIMARY KEY (connector_id, organisation_id, mark)
) STRICT, WITHOUT ROWID;
CREATE INDEX erased_mark_by_erasure ON erased_mark (erasure_id);
CREATE INDEX erased_mark_by_organisation ON erased_mark (organisation_id);

-- How many erased people a run met and left out.
ALTER TABLE sync_run ADD COLUMN erased INTEGER NOT NULL DEFAULT 0 CHECK (erased >= 0);
