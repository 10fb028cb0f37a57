-- The bus as a log: publishers append pages of events, a queue is a position in the log, and only an event that failed has a row of its own.

-- No process of an older release publishes or claims while its rows move into the new tables.
SELECT pg_advisory_xact_lock(hashtextextended('outcry.bus.bindings', 0));
LOCK TABLE bus.event, bus.delivery IN EXCLUSIVE MODE;

CREATE SEQUENCE bus.log_sequence;

-- Events as published, in order. Sequences are drawn under a lock that is held to the commit, so that none appears behind a position that
-- has passed it. Deleted from its low end once it is old and every queue is past it; until then it recognises what is published again.
CREATE TABLE bus.log (
  sequence bigint PRIMARY KEY,
  id uuid NOT NULL UNIQUE,
  type text NOT NULL,
  key text NOT NULL,
  payload bytea NOT NULL,
  traceparent text NOT NULL,
  -- Unix milliseconds.
  event_time_ms bigint NOT NULL,
  publish_time timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (autovacuum_vacuum_threshold = 20000, autovacuum_vacuum_insert_threshold = -1);

-- How far the queue has been handled, and which process may read it now. The token rises with each holder; the statements of an earlier
-- one change nothing. `unfinished` counts the holders in a row that ended without a word and before the position moved.
ALTER TABLE bus.queue
  ADD COLUMN position bigint NOT NULL DEFAULT 0,
  ADD COLUMN holder text NOT NULL DEFAULT '',
  ADD COLUMN token bigint NOT NULL DEFAULT 0,
  ADD COLUMN expire_time timestamptz NOT NULL DEFAULT 'epoch',
  ADD COLUMN unfinished integer NOT NULL DEFAULT 0;
ALTER TABLE bus.queue SET (fillfactor = 50);

-- Events that a queue could not handle when it passed them, with all that is needed to handle them later. While an attempt runs, due_time
-- lies ahead; if its process dies, the event is due again by itself. It is 'infinity' for what only another release takes.
CREATE TABLE bus.retry (
  queue text NOT NULL,
  event_id uuid NOT NULL,
  sequence bigint GENERATED ALWAYS AS IDENTITY,
  type text NOT NULL,
  key text NOT NULL,
  payload bytea NOT NULL,
  traceparent text NOT NULL,
  event_time_ms bigint NOT NULL,
  publish_time timestamptz NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  due_time timestamptz NOT NULL DEFAULT clock_timestamp(),
  dead_time timestamptz,
  last_error text NOT NULL DEFAULT '',
  PRIMARY KEY (queue, event_id)
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
CREATE INDEX retry_due ON bus.retry (queue, due_time, sequence) WHERE dead_time IS NULL;
CREATE INDEX retry_dead ON bus.retry (queue, sequence) WHERE dead_time IS NOT NULL;

-- What a new queue may still ask for, and what is most likely to be published again.
INSERT INTO bus.log (sequence, id, type, key, payload, traceparent, event_time_ms, publish_time)
SELECT nextval('bus.log_sequence'), id, type, key, payload, traceparent, round(extract(epoch FROM event_time) * 1000), publish_time
FROM (SELECT * FROM bus.event WHERE publish_time > now() - interval '10 minutes' ORDER BY publish_time, id) AS recent;
UPDATE bus.queue SET position = (SELECT coalesce(max(sequence), 0) FROM bus.log);

-- What was not handled yet, and the dead letters.
INSERT INTO bus.retry
  (queue, event_id, type, key, payload, traceparent, event_time_ms, publish_time, attempts, due_time, dead_time, last_error)
SELECT delivery.queue, event.id, event.type, event.key, event.payload, event.traceparent,
  round(extract(epoch FROM event.event_time) * 1000), event.publish_time,
  delivery.attempts, delivery.due_time, delivery.dead_time, delivery.last_error
FROM bus.delivery JOIN bus.event ON event.id = delivery.event_id
ORDER BY delivery.sequence;
TRUNCATE bus.event, bus.delivery;

-- A process of an older release still publishes into bus.event: its events go to the log, and its consumers find no work.
CREATE FUNCTION bus.append_older_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('outcry.bus.log', 0));
  INSERT INTO bus.log (sequence, id, type, key, payload, traceparent, event_time_ms)
  VALUES (nextval('bus.log_sequence'), NEW.id, NEW.type, NEW.key, NEW.payload, NEW.traceparent,
    round(extract(epoch FROM NEW.event_time) * 1000))
  ON CONFLICT (id) DO NOTHING;
  PERFORM pg_notify('bus:' || name, 'events') FROM bus.queue WHERE NEW.type = ANY (types);
  RETURN NULL;
END $$;
CREATE TRIGGER append_older_event BEFORE INSERT ON bus.event FOR EACH ROW EXECUTE FUNCTION bus.append_older_event();
