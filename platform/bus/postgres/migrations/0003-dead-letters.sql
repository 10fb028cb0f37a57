-- When a dead letter failed for the first time; unknown for those that failed under an earlier release.
ALTER TABLE bus.retry ADD COLUMN first_failure_time timestamptz;

-- Dead letters of all queues, oldest first.
CREATE INDEX retry_dead_sequence ON bus.retry (sequence) WHERE dead_time IS NOT NULL;

-- Dead letters that were dropped, and why.
CREATE TABLE bus.dropped (
  queue text NOT NULL,
  event_id uuid NOT NULL,
  sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  type text NOT NULL,
  key text NOT NULL,
  payload bytea NOT NULL,
  traceparent text NOT NULL,
  event_time_ms bigint NOT NULL,
  attempts integer NOT NULL,
  last_error text NOT NULL,
  drop_reason text NOT NULL,
  drop_time timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX dropped_drop_time ON bus.dropped (drop_time);
