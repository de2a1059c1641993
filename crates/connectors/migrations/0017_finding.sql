-- Format 17: words say what lists of members filter by and are ordered by, so that a member who is passed over is not looked up.

-- The birth date as a number, 20110409; 0 where there is none, NULL where it is none that a number can say.
ALTER TABLE member ADD COLUMN found_born INTEGER GENERATED ALWAYS AS (
    CASE WHEN born = '' THEN 0 WHEN born GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'
        THEN nullif(CAST(replace(born, '-', '') AS INTEGER), 0) END) VIRTUAL;
-- How the member stands (0 nothing said, 1 active, 2 inactive, 3 left, 4 something else), twice; one more where the club differs from
-- what the federation last gave.
ALTER TABLE member ADD COLUMN found_as INTEGER GENERATED ALWAYS AS (
    2 * CASE standing WHEN '' THEN 0 WHEN 'active' THEN 1 WHEN 'inactive' THEN 2 WHEN 'left' THEN 3 ELSE 4 END + differs) VIRTUAL;

-- Connections have a small number there, because an identifier in each word would be a third of it.
ALTER TABLE member_count ADD COLUMN number INTEGER;
UPDATE member_count SET number = (
    SELECT count(*) FROM member_count o WHERE o.connection_id <= member_count.connection_id);
CREATE UNIQUE INDEX member_count_by_number ON member_count (number, connection_id);

CREATE TABLE member_word_with (
    word      TEXT NOT NULL,
    name_key  TEXT NOT NULL,
    member_id BLOB NOT NULL,
    -- `member.found_born`, `member.found_as`, and `member_count.number` of its connection.
    born      INTEGER,
    stands    INTEGER NOT NULL,
    home      INTEGER NOT NULL,
    PRIMARY KEY (word, name_key, member_id)
) STRICT, WITHOUT ROWID;
INSERT INTO member_word_with (word, name_key, member_id, born, stands, home)
    SELECT w.word, w.name_key, w.member_id, m.found_born, m.found_as, c.number
    FROM member_word w CROSS JOIN member m ON m.id = w.member_id
    CROSS JOIN member_count c ON c.connection_id = m.connection_id
    ORDER BY w.word, w.name_key, w.member_id;
DROP TABLE member_word;
ALTER TABLE member_word_with RENAME TO member_word;

-- What words say of a member changes without its name.
DROP TRIGGER member_renamed;
CREATE TRIGGER member_renamed AFTER UPDATE OF search_key, name_key, status, left_at, current, base ON member
WHEN OLD.search_key <> NEW.search_key OR OLD.name_key <> NEW.name_key
    OR OLD.found_born IS NOT NEW.found_born OR OLD.found_as <> NEW.found_as BEGIN
    INSERT INTO member_word_due (member_id, name_key, search_key, connection_id, more)
        VALUES (OLD.id, OLD.name_key, OLD.search_key, OLD.connection_id, 0);
END;

-- Few members of a large club are edited or have left; a first sync writes neither.
CREATE INDEX member_differing_of ON member (connection_id, name_key, id, born, standing, search_key) WHERE base <> '';
CREATE INDEX member_left_of ON member (connection_id, name_key, id, born, standing, search_key) WHERE left_at IS NOT NULL;
