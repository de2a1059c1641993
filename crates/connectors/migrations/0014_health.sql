-- Format 14: the error log, and attempts rolled up per hour and day.

-- Set where a failure of this attempt says nothing about the connector: it asked about one club or one of its members, or
-- at a path that somebody typed.
ALTER TABLE attempt ADD COLUMN aside INTEGER NOT NULL DEFAULT 0 CHECK (aside IN (0, 1));

-- Attempts of before: a refusal stands aside unless the address is one of the connector's own that is about no club.
UPDATE attempt SET aside = 1
    WHERE finding IN ('not_found', 'forbidden') AND (instr(endpoint, '{federation_org_id}') > 0
        OR instr(endpoint, '{member_id}') > 0);
UPDATE attempt SET aside = 1
    WHERE finding IN ('not_found', 'forbidden', 'scope_too_narrow', 'request_refused', 'redirected_elsewhere',
            'setting_unusable', 'html_instead_of_json', 'not_json', 'no_list_at_path', 'record_not_object',
            'answer_too_large')
        AND instr(endpoint, '{') = 0
        AND NOT EXISTS (
            SELECT 1 FROM connector_settings s, json_each(s.settings, '$.endpoints') e
            WHERE s.connector_id = attempt.connector_id
                AND e.type = 'text'
                AND substr(e.value, 1, instr(e.value || '?', '?') - 1) = attempt.endpoint);

-- What attempts came to in an hour, counted from 1970 (UTC). Written in the transaction that adds the attempts, and kept for
-- 35 days. `failed` says something about the connector, `aside` does not; `uncounted` is this computer's own: offline,
-- stopped. `share` is answered / (answered + failed) in parts of a million, null where that is nothing. `ms` is the histogram
-- of what was answered: pairs of a step and a count (uptime.rs).
CREATE TABLE attempt_hour (
    connector_id BLOB NOT NULL REFERENCES connector (id) ON DELETE CASCADE,
    hour         INTEGER NOT NULL,
    answered     INTEGER NOT NULL CHECK (answered >= 0),
    failed       INTEGER NOT NULL CHECK (failed >= 0),
    aside        INTEGER NOT NULL CHECK (aside >= 0),
    uncounted    INTEGER NOT NULL CHECK (uncounted >= 0),
    share        INTEGER,
    ms           BLOB NOT NULL,
    PRIMARY KEY (connector_id, hour),
    CHECK ((share IS NULL) = (answered + failed = 0))
) STRICT, WITHOUT ROWID;

-- The same of a day (UTC), kept for 400 days: `shares` is the sum of the shares of its hours, `hours` how many have one.
CREATE TABLE attempt_day (
    connector_id BLOB NOT NULL REFERENCES connector (id) ON DELETE CASCADE,
    day          INTEGER NOT NULL,
    answered     INTEGER NOT NULL CHECK (answered >= 0),
    failed       INTEGER NOT NULL CHECK (failed >= 0),
    aside        INTEGER NOT NULL CHECK (aside >= 0),
    uncounted    INTEGER NOT NULL CHECK (uncounted >= 0),
    shares       INTEGER NOT NULL CHECK (shares >= 0),
    hours        INTEGER NOT NULL CHECK (hours >= 0),
    ms           BLOB NOT NULL,
    PRIMARY KEY (connector_id, day)
) STRICT, WITHOUT ROWID;

-- What failed at a federation, one row a failure. No value of anybody is in it: a template of an address, never an address.
-- Kept for 90 days, at most 10,000 a connector. Rows outlive a purge, as the rest of the history.
CREATE TABLE error_log (
    id            BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    connector_id  BLOB NOT NULL REFERENCES connector (id) ON DELETE CASCADE,
    at            INTEGER NOT NULL,
    class         TEXT NOT NULL,
    -- Null where the pages of a list do not follow each other.
    finding       TEXT,
    status        INTEGER,
    endpoint      TEXT,
    source        TEXT NOT NULL,
    -- The club that it concerns alone.
    connection_id BLOB REFERENCES connection (id) ON DELETE SET NULL,
    run_id        BLOB REFERENCES sync_run (id) ON DELETE SET NULL,
    -- When a person said that it is dealt with.
    cleared_at    INTEGER
) STRICT;
CREATE INDEX error_log_by_connector ON error_log (connector_id, at, id);
CREATE INDEX error_log_by_time ON error_log (at, id);
CREATE INDEX error_log_by_class ON error_log (class, at, id);
CREATE INDEX error_log_by_connector_class ON error_log (connector_id, class, at, id);
-- For the foreign keys.
CREATE INDEX error_log_by_connection ON error_log (connection_id) WHERE connection_id IS NOT NULL;
CREATE INDEX error_log_by_run ON error_log (run_id) WHERE run_id IS NOT NULL;

-- Since when a connector is in its state. A state changes with something that is written down with its moment in the same
-- transaction; the newest of these is the moment of the change.
ALTER TABLE connector ADD COLUMN state_since INTEGER;
UPDATE connector SET state_since = coalesce(
    (SELECT since FROM connector_stop s WHERE s.connector_id = connector.id AND connector.status = 'error'),
    (SELECT max(at) FROM connector_event e WHERE e.connector_id = connector.id AND e.kind NOT IN ('edited',
        'webhook_secret_stored')),
    created_at);
CREATE TRIGGER connector_state_began AFTER INSERT ON connector BEGIN
    UPDATE connector SET state_since = new.created_at WHERE id = new.id;
END;
CREATE TRIGGER connector_state_changed AFTER UPDATE OF state ON connector WHEN new.state IS NOT old.state BEGIN
    UPDATE connector SET state_since = max(
        coalesce((SELECT max(at) FROM connector_event e WHERE e.connector_id = new.id), 0),
        coalesce((SELECT created_at FROM pending_sign_in p WHERE p.connector_id = new.id), 0),
        coalesce(new.last_success_at, 0), coalesce(new.last_error_at, 0), new.updated_at)
    WHERE id = new.id;
END;
