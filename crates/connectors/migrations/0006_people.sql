-- Format 6: finding members, and where each of their values comes from.

-- What lists of members are ordered by besides the name. A member that the list no longer has counts as left, whatever its
-- status says.
ALTER TABLE member ADD COLUMN born TEXT GENERATED ALWAYS AS (
    coalesce(json_extract(current, '$.date_of_birth'), '')) VIRTUAL;
ALTER TABLE member ADD COLUMN standing TEXT GENERATED ALWAYS AS (
    CASE WHEN left_at IS NOT NULL THEN 'left' ELSE coalesce(status, '') END) VIRTUAL;
-- Where values come from that changed after the member came: an object of fields, each with when, by what, and what it was
-- before. NULL: none changed.
ALTER TABLE member ADD COLUMN sources TEXT CHECK (sources IS NULL OR json_valid(sources));
ALTER TABLE undo_row ADD COLUMN sources TEXT;
CREATE INDEX undo_row_by_member ON undo_row (member_id);

CREATE INDEX member_in_order ON member (name_key, id);
CREATE INDEX member_by_birth ON member (born, name_key, id);
CREATE INDEX member_by_standing ON member (standing, name_key, id);
-- The club differs from what the federation last gave.
CREATE INDEX member_differing ON member (name_key, id) WHERE base <> '';

-- The words by which a member is found, those of `search_key`: letters and digits only, each after a blank. One word's members
-- stand in the order of their names, so that two words are joined without sorting.
CREATE TABLE member_word (
    word      TEXT NOT NULL,
    name_key  TEXT NOT NULL,
    member_id BLOB NOT NULL,
    PRIMARY KEY (word, name_key, member_id)
) STRICT, WITHOUT ROWID;

-- How many members a connection has: counting a million rows takes longer than a list may.
CREATE TABLE member_count (
    connection_id BLOB PRIMARY KEY NOT NULL,
    members       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Format 5 folded names and kept their punctuation. What it did not look at, the town, is added as far as SQL can fold it.
UPDATE member SET search_key = ' ' || trim(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
    search_key || ' ' || lower(coalesce(json_extract(current, '$.town'), '')),
    '''', ''), '@', ' '), '.', ' '), '-', ' '), '_', ' '), '+', ' '), '/', ' '), '"', ' '), '\', ' '), char(9), ' '));

INSERT OR IGNORE INTO member_word (word, name_key, member_id)
    SELECT w.value, m.name_key, m.id FROM member m,
        json_each('["' || replace(trim(m.search_key), ' ', '","') || '"]') w
    WHERE w.value <> '';
INSERT INTO member_count (connection_id, members) SELECT connection_id, count(*) FROM member GROUP BY connection_id;

-- Every way of writing a member keeps its words, a cascade too.
CREATE TRIGGER member_came AFTER INSERT ON member BEGIN
    INSERT OR IGNORE INTO member_word (word, name_key, member_id)
        SELECT value, NEW.name_key, NEW.id
        FROM json_each('["' || replace(trim(NEW.search_key), ' ', '","') || '"]') WHERE value <> '';
    INSERT INTO member_count (connection_id, members) VALUES (NEW.connection_id, 1)
        ON CONFLICT (connection_id) DO UPDATE SET members = members + 1;
END;
CREATE TRIGGER member_renamed AFTER UPDATE OF search_key, name_key ON member
WHEN OLD.search_key <> NEW.search_key OR OLD.name_key <> NEW.name_key BEGIN
    DELETE FROM member_word WHERE name_key = OLD.name_key AND member_id = OLD.id AND word IN (
        SELECT value FROM json_each('["' || replace(trim(OLD.search_key), ' ', '","') || '"]'));
    INSERT OR IGNORE INTO member_word (word, name_key, member_id)
        SELECT value, NEW.name_key, NEW.id
        FROM json_each('["' || replace(trim(NEW.search_key), ' ', '","') || '"]') WHERE value <> '';
END;
CREATE TRIGGER member_went AFTER DELETE ON member BEGIN
    DELETE FROM member_word WHERE name_key = OLD.name_key AND member_id = OLD.id AND word IN (
        SELECT value FROM json_each('["' || replace(trim(OLD.search_key), ' ', '","') || '"]'));
    UPDATE member_count SET members = members - 1 WHERE connection_id = OLD.connection_id;
END;
