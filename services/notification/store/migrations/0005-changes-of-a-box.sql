-- The last change of each person's messages. Every change is written while this row is locked, so sequences become visible in their order
-- and no reader can pass a change that is not committed yet.
CREATE TABLE box (
  account_id uuid PRIMARY KEY,
  change_sequence bigint NOT NULL
) WITH (fillfactor = 50);

-- Where the last change of a message, that it came or was read, stands in the sequence of its box; null: before there was one.
ALTER TABLE message ADD COLUMN change_sequence bigint;
CREATE INDEX message_change ON message (account_id, change_sequence) WHERE change_sequence IS NOT NULL;

CREATE FUNCTION draw_message_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO box AS known (account_id, change_sequence) VALUES (NEW.account_id, 1)
  ON CONFLICT (account_id) DO UPDATE SET change_sequence = known.change_sequence + 1
  RETURNING change_sequence INTO NEW.change_sequence;
  PERFORM pg_notify('notification_boxes', NEW.account_id::text);
  RETURN NEW;
END $$;
CREATE TRIGGER message_read BEFORE UPDATE OF read_time ON message FOR EACH ROW
  WHEN (OLD.read_time IS NULL AND NEW.read_time IS NOT NULL) EXECUTE FUNCTION draw_message_change();
-- A process of an older release inserts messages without a sequence.
CREATE TRIGGER message_of_older_release BEFORE INSERT ON message FOR EACH ROW
  WHEN (NEW.change_sequence IS NULL) EXECUTE FUNCTION draw_message_change();
