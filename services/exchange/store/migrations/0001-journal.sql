-- One row a shard: who may write its journal. The token rises with each takeover; an append names the token it holds.
CREATE TABLE shard (
  id int PRIMARY KEY CHECK (id >= 0),
  token bigint NOT NULL,
  holder text NOT NULL,
  -- Names the history: another epoch means that followers' positions are worth nothing.
  epoch uuid NOT NULL,
  create_time timestamptz NOT NULL DEFAULT now()
);

-- One row a group of commands that were matched and committed together.
CREATE TABLE journal (
  shard int NOT NULL,
  group_number bigint NOT NULL CHECK (group_number > 0),
  first_sequence bigint NOT NULL,
  last_sequence bigint NOT NULL,
  time_ms bigint NOT NULL,
  token bigint NOT NULL,
  commands bytea NOT NULL,
  events bytea NOT NULL,
  state_hash text NOT NULL,
  checksum bigint NOT NULL,
  PRIMARY KEY (shard, group_number)
);

-- Followers look for the group that holds a sequence.
CREATE INDEX journal_sequence ON journal (shard, last_sequence);

-- The writer waits for each row: time spent compressing would be time that orders wait.
ALTER TABLE journal ALTER COLUMN commands SET STORAGE EXTERNAL;
ALTER TABLE journal ALTER COLUMN events SET STORAGE EXTERNAL;
