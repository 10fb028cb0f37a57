-- How far a feed's consumer has certainly come, whatever its server forgets in a crash: written by commits that wait for the disk.
CREATE TABLE platform.feed_durable_position (
  name text PRIMARY KEY,
  sequence bigint NOT NULL,
  save_time timestamptz NOT NULL DEFAULT now()
);
