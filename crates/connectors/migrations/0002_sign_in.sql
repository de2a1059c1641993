-- Format 2: tokens, sign-ins under way, and leases between processes.

-- How the sign-in of a connector stands; no row where nobody has ever tried. The token itself is a
-- sealed row of `credential`, so that a check and a new key treat it as every other secret.
CREATE TABLE sign_in (
    connector_id    BLOB PRIMARY KEY NOT NULL REFERENCES connector (id) ON DELETE CASCADE,
    token_id        BLOB REFERENCES credential (id) ON DELETE SET NULL
                        DEFERRABLE INITIALLY DEFERRED,
    signed_in_at    INTEGER,
    obtained_at     INTEGER,
    expires_at      INTEGER,
    renews          INTEGER NOT NULL DEFAULT 0 CHECK (renews IN (0, 1)),
    scopes          TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(scopes)),
    -- A finding's word: why a person must sign in again.
    ended           TEXT,
    -- The newest attempt: which one, how far it came, and which process exchanges its code.
    attempt         BLOB,
    attempt_state   TEXT,
    attempt_finding TEXT,
    attempt_owner   BLOB,
    CHECK ((attempt IS NULL) = (attempt_state IS NULL))
) STRICT;
CREATE INDEX sign_in_by_token ON sign_in (token_id) WHERE token_id IS NOT NULL;
CREATE INDEX sign_in_by_attempt ON sign_in (attempt_state) WHERE attempt_state = 'exchanging';

-- Sign-ins that wait for a person in the browser, one a connector at most. Found by the hash of the
-- `state`, removed before the exchange starts, so that no answer is used twice.
CREATE TABLE pending_sign_in (
    state_hash   BLOB PRIMARY KEY NOT NULL CHECK (length(state_hash) = 32),
    connector_id BLOB NOT NULL UNIQUE REFERENCES connector (id) ON DELETE CASCADE,
    redirect     TEXT NOT NULL,
    sealed       TEXT NOT NULL,
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL
) STRICT;
CREATE INDEX pending_sign_in_by_end ON pending_sign_in (expires_at);

-- Redirect paths that people have chosen: no two servers may share one (RFC 9700, section 4.4.2).
CREATE INDEX connector_settings_by_redirect
    ON connector_settings (json_extract(settings, '$.auth.redirect_path'))
    WHERE json_extract(settings, '$.auth.redirect_path') IS NOT NULL;

-- Who may do alone what must not be done twice, e.g. renew a token. `owner` is a process that holds a
-- lock on a file of that name for life; `fence` counts every taking and is compared when committing.
CREATE TABLE lease (
    name     TEXT PRIMARY KEY NOT NULL,
    owner    BLOB,
    fence    INTEGER NOT NULL,
    taken_at INTEGER NOT NULL
) STRICT;
