-- Format 5: members, what federations last gave us of them, sync runs with their plans, and how each is undone.
-- Values are JSON objects of member fields. A `base` of '' is the very text of `current`: for most members the federation and
-- the club agree, and half of the file would say so twice. NULL: no federation has ever given this member.

CREATE TABLE member (
    id            BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    connection_id BLOB NOT NULL REFERENCES connection (id) ON DELETE CASCADE,
    -- The federation's identifier; a column because lists are joined by it.
    external_id   TEXT,
    -- Both names as they are compared, those of the base first; null where one is missing.
    names_key    TEXT,
    name_key      TEXT NOT NULL,
    search_key    TEXT NOT NULL,
    status        TEXT,
    current       TEXT NOT NULL CHECK (json_valid(current)),
    base          TEXT CHECK (base IS NULL OR base = '' OR json_valid(base)),
    -- When the federation's list no longer had the member.
    left_at       INTEGER,
    -- The club's last edit.
    edited_at     INTEGER,
    -- The run that changed it last.
    run_id        BLOB,
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL,
    -- Counted by every change; what was previewed holds for one version only.
    version       INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE UNIQUE INDEX member_by_external ON member (connection_id, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX member_by_names ON member (connection_id, names_key) WHERE names_key IS NOT NULL;
CREATE INDEX member_by_name ON member (connection_id, name_key, id);

-- One pass for one connection. Its plan is `plan_row`; its counts stand here.
CREATE TABLE sync_run (
    id            BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    connection_id BLOB NOT NULL REFERENCES connection (id) ON DELETE CASCADE,
    -- `sync` or `import`.
    source        TEXT NOT NULL,
    -- `person` or `schedule`.
    asked_by      TEXT NOT NULL,
    state         TEXT NOT NULL,
    started_at    INTEGER NOT NULL,
    ended_at      INTEGER,
    -- The lease under which it is made.
    fence         INTEGER NOT NULL,
    fetched       INTEGER NOT NULL DEFAULT 0,
    expected      INTEGER,
    page          INTEGER NOT NULL DEFAULT 0,
    creates       INTEGER NOT NULL DEFAULT 0,
    updates       INTEGER NOT NULL DEFAULT 0,
    unchanged     INTEGER NOT NULL DEFAULT 0,
    conflicts     INTEGER NOT NULL DEFAULT 0,
    leavers       INTEGER NOT NULL DEFAULT 0,
    problems      INTEGER NOT NULL DEFAULT 0,
    -- SHA-256 of the plan's rows, as hexadecimal digits.
    hash          TEXT,
    -- What holds it, as JSON, and which of these a person has allowed.
    guards        TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(guards)),
    allowed       TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(allowed)),
    template      TEXT,
    class         TEXT,
    finding       TEXT,
    -- The sentence of a failure; no name is in it.
    message       TEXT,
    applied_at    INTEGER,
    undone_at     INTEGER
) STRICT;
CREATE INDEX sync_run_by_time ON sync_run (connection_id, started_at, id);
CREATE INDEX sync_run_by_applied ON sync_run (state, applied_at);
CREATE INDEX sync_run_of_connection ON sync_run (connection_id, state, started_at, id);

-- What a run would do: a row for each member that would change, leave, conflict, or cannot be taken over. Members that stay
-- as they are have none.
CREATE TABLE plan_row (
    run_id         BLOB NOT NULL REFERENCES sync_run (id) ON DELETE CASCADE,
    number         INTEGER NOT NULL,
    kind           TEXT NOT NULL,
    -- Whether applying changes the member's row.
    acts           INTEGER NOT NULL CHECK (acts IN (0, 1)),
    -- Of a new member the identifier that it will get.
    member_id      BLOB,
    -- The version that was looked at; null for a new one.
    member_version INTEGER,
    external_id    TEXT,
    names_key     TEXT,
    name_key       TEXT NOT NULL,
    search_key     TEXT NOT NULL,
    status         TEXT,
    -- The federation's record after mapping; null for a leaver.
    remote         TEXT,
    -- The member afterwards.
    after          TEXT,
    after_base     TEXT,
    left_at        INTEGER,
    -- Field by field what happens and why, and what is wrong, as JSON.
    detail         TEXT NOT NULL CHECK (json_valid(detail)),
    PRIMARY KEY (run_id, number)
) STRICT;
CREATE INDEX plan_row_by_kind ON plan_row (run_id, kind, name_key, number);
CREATE INDEX plan_row_by_external ON plan_row (run_id, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX plan_row_by_names ON plan_row (run_id, names_key) WHERE names_key IS NOT NULL;
CREATE INDEX plan_row_by_member ON plan_row (run_id, member_id) WHERE member_id IS NOT NULL;

-- How each member was before a run: what an undo puts back. Kept for 30 days.
CREATE TABLE undo_row (
    run_id        BLOB NOT NULL REFERENCES sync_run (id) ON DELETE CASCADE,
    member_id     BLOB NOT NULL,
    -- 0 where the run created it.
    existed       INTEGER NOT NULL CHECK (existed IN (0, 1)),
    external_id   TEXT,
    names_key    TEXT,
    name_key      TEXT,
    search_key    TEXT,
    status        TEXT,
    current       TEXT,
    base          TEXT,
    left_at       INTEGER,
    edited_at     INTEGER,
    before_run_id BLOB,
    updated_at    INTEGER,
    version       INTEGER NOT NULL,
    -- The version that the run made; a later one was changed by somebody else.
    after_version INTEGER NOT NULL,
    undone_at     INTEGER,
    PRIMARY KEY (run_id, member_id)
) STRICT, WITHOUT ROWID;

-- What was decided about a conflict, so that the same one is not asked about again; with both values that were shown.
CREATE TABLE conflict_decision (
    member_id  BLOB NOT NULL REFERENCES member (id) ON DELETE CASCADE,
    field      TEXT NOT NULL,
    -- `federation`, `club` or `value`.
    take       TEXT NOT NULL,
    value      TEXT,
    federation TEXT,
    club       TEXT,
    decided_at INTEGER NOT NULL,
    PRIMARY KEY (member_id, field)
) STRICT, WITHOUT ROWID;

-- How a connection is synced, where it differs from its connector's settings; and what a person must decide first.
CREATE TABLE connection_sync (
    connection_id BLOB PRIMARY KEY NOT NULL REFERENCES connection (id) ON DELETE CASCADE,
    -- `preview_only` or `apply_safe`.
    policy        TEXT NOT NULL DEFAULT 'preview_only',
    -- `once_on_wake`, `skip` or `ask`.
    missed        TEXT NOT NULL DEFAULT 'once_on_wake',
    schedule      TEXT,
    time_zone     TEXT,
    last_due_at   INTEGER,
    -- The run that was undone: nothing is applied until somebody picks what then.
    held_by_undo  BLOB
) STRICT;
