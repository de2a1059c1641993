-- Format 13: words of members are written together, before the transaction that changed the members ends; plans are made and
-- applied without looking up what an index says.

-- Members whose words do not stand in `member_word` as they are, each with the keys under which it was found. Writing each
-- word when its member is written touches a page for each; sorted and together it does not. Never holds a row after a commit.
CREATE TABLE member_word_due (
    number        INTEGER PRIMARY KEY,
    member_id     BLOB NOT NULL,
    -- Empty where the member is new.
    name_key      TEXT NOT NULL,
    search_key    TEXT NOT NULL,
    connection_id BLOB NOT NULL,
    -- How many members the connection has more.
    more          INTEGER NOT NULL CHECK (more IN (-1, 0, 1))
) STRICT;

-- Every way of writing a member says so here, a cascade too.
DROP TRIGGER member_came;
DROP TRIGGER member_renamed;
DROP TRIGGER member_went;
CREATE TRIGGER member_came AFTER INSERT ON member BEGIN
    INSERT INTO member_word_due (member_id, name_key, search_key, connection_id, more)
        VALUES (NEW.id, '', '', NEW.connection_id, 1);
END;
CREATE TRIGGER member_renamed AFTER UPDATE OF search_key, name_key ON member
WHEN OLD.search_key <> NEW.search_key OR OLD.name_key <> NEW.name_key BEGIN
    INSERT INTO member_word_due (member_id, name_key, search_key, connection_id, more)
        VALUES (OLD.id, OLD.name_key, OLD.search_key, OLD.connection_id, 0);
END;
CREATE TRIGGER member_went AFTER DELETE ON member BEGIN
    INSERT INTO member_word_due (member_id, name_key, search_key, connection_id, more)
        VALUES (OLD.id, OLD.name_key, OLD.search_key, OLD.connection_id, -1);
END;

-- What a plan is asked while it is made and applied, answered by its indexes alone: rows stand elsewhere than their names, and each
-- that is looked up is a page to decipher.
DROP INDEX plan_row_by_names;
CREATE INDEX plan_row_new_by_names ON plan_row (run_id, names_key, number)
    WHERE kind = 'create' AND names_key IS NOT NULL;
DROP INDEX plan_row_by_external;
CREATE INDEX plan_row_by_external ON plan_row (run_id, external_id, kind, number) WHERE external_id IS NOT NULL;
-- A first sync has none of these.
CREATE INDEX plan_row_acting ON plan_row (run_id, number) WHERE acts = 1;

-- The federation has given the member and has not missed it since.
ALTER TABLE member ADD COLUMN present INTEGER GENERATED ALWAYS AS (base IS NOT NULL AND left_at IS NULL) VIRTUAL;
-- The club differs from what the federation last gave.
ALTER TABLE member ADD COLUMN differs INTEGER GENERATED ALWAYS AS (coalesce(base <> '', 0)) VIRTUAL;
-- Lists of members walk these. What members are looked at for on the way stands beside what they are ordered by, so that a member
-- that is passed over costs no page of its own; a list of twenty out of a million passes over thousands.
DROP INDEX member_by_name;
DROP INDEX member_in_order;
DROP INDEX member_by_birth;
DROP INDEX member_by_standing;
DROP INDEX member_differing;
CREATE INDEX member_by_name ON member (connection_id, name_key, id, standing, present, differs, search_key);
CREATE INDEX member_in_order ON member (name_key, id, standing, connection_id, differs, search_key);
CREATE INDEX member_by_birth ON member (born, name_key, id, standing, connection_id, differs, search_key);
CREATE INDEX member_by_standing ON member (standing, name_key, id, connection_id, differs, search_key);
CREATE INDEX member_differing ON member (name_key, id, standing, connection_id, search_key) WHERE base <> '';

-- What a plan is compared by before it is applied is computed in another way. One that waits would look changed; it says instead why
-- it must be made again.
DELETE FROM plan_row WHERE run_id IN (SELECT id FROM sync_run WHERE state IN ('planned', 'held'));
UPDATE sync_run SET state = 'superseded',
    message = 'the app was updated since this plan was made; nothing was applied; preview again'
    WHERE state IN ('planned', 'held');
