-- Up to which sequence each follower has stored what the feed led to: groups are kept until all that must confirm them have.
CREATE TABLE confirmation (
  shard int NOT NULL,
  follower text NOT NULL,
  sequence bigint NOT NULL CHECK (sequence >= 0),
  update_time timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (shard, follower)
);

-- The first group of a shard that is kept, once earlier ones were deleted, and its last sequence, after which the feed can be served. A table
-- of its own: an append locks the row of its shard.
CREATE TABLE journal_start (
  shard int PRIMARY KEY,
  group_number bigint NOT NULL CHECK (group_number > 0),
  sequence bigint NOT NULL
);
