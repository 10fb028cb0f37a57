-- Which history of a feed the position belongs to, and where and why its consumer has stopped. A halt is lifted by setting it to NULL.
ALTER TABLE platform.feed_position
  ADD COLUMN epoch text NOT NULL DEFAULT '',
  ADD COLUMN halt_sequence bigint,
  ADD COLUMN halt_cause text,
  ADD COLUMN halt_time timestamptz;
