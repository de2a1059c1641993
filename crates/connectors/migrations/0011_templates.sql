-- Format 11: templates of a person's own, with their versions. They are in this file and not beside it, so that a backup
-- holds what its members were made with, and so that a new version and the end of the plans that were made with the one
-- before are one transaction. No value of a member is in one.

-- Which version counts. A deleted one keeps its row and its versions: runs name them, and deleting can be undone.
CREATE TABLE template (
    id         TEXT PRIMARY KEY NOT NULL,
    version    INTEGER NOT NULL CHECK (version >= 1),
    deleted_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX template_in_use ON template (id, version) WHERE deleted_at IS NULL;

-- A version never changes. With rowids: a text of several kilobytes would spill to pages of its own without.
CREATE TABLE template_version (
    template_id   TEXT NOT NULL REFERENCES template (id) DEFERRABLE INITIALLY DEFERRED,
    version       INTEGER NOT NULL CHECK (version >= 1),
    name          TEXT NOT NULL,
    -- The whole template as a file.
    toml          TEXT NOT NULL,
    saved_at      INTEGER NOT NULL,
    -- The version that it is equal to, where a person went back to one.
    restored_from INTEGER,
    PRIMARY KEY (template_id, version)
) STRICT;

-- The version of the template that a run's records were read with; null for runs before this format.
ALTER TABLE sync_run ADD COLUMN template_version INTEGER;
-- The plans that a new version of a template ends.
CREATE INDEX sync_run_open_by_template ON sync_run (template, started_at, id) WHERE state IN ('planned', 'held');
-- Which connectors use a template: the one that they name, else that of their preset.
CREATE INDEX connector_by_template ON connector (coalesce(template, preset), name_key, id) WHERE live >= 0;
