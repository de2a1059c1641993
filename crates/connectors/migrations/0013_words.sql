-- Format 13: words of members are written together, before the transaction that changed the members ends.

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
