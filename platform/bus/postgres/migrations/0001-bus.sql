-- The PostgreSQL bus: a database of its own that every service may reach.
CREATE SCHEMA bus;

-- Which types each queue takes. Types are only ever added, so that releases side by side do not undo each other.
CREATE TABLE bus.queue (
  name text PRIMARY KEY,
  types text[] NOT NULL,
  create_time timestamptz NOT NULL DEFAULT now()
);

-- Events as published; kept for a while after the last delivery to recognise what is published again.
CREATE TABLE bus.event (
  id uuid PRIMARY KEY,
  type text NOT NULL,
  key text NOT NULL,
  payload bytea NOT NULL,
  traceparent text NOT NULL,
  event_time timestamptz NOT NULL,
  publish_time timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000);
CREATE INDEX event_publish_time ON bus.event (publish_time);

-- What is still to be handled: one row for each event and queue, deleted when handled. While a consumer works on it,
-- due_time lies ahead; if the consumer dies, the event is due again by itself.
CREATE TABLE bus.delivery (
  event_id uuid NOT NULL,
  queue text NOT NULL,
  type text NOT NULL,
  sequence bigint GENERATED ALWAYS AS IDENTITY,
  attempts integer NOT NULL DEFAULT 0,
  due_time timestamptz NOT NULL DEFAULT clock_timestamp(),
  dead_time timestamptz,
  last_error text NOT NULL DEFAULT '',
  PRIMARY KEY (event_id, queue)
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000);
CREATE INDEX delivery_due ON bus.delivery (queue, due_time, sequence) WHERE dead_time IS NULL;
CREATE INDEX delivery_dead ON bus.delivery (queue, sequence) WHERE dead_time IS NOT NULL;
