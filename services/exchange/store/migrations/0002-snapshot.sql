-- One row a snapshot: the engine's state after a committed group. It is written last, so a row says that all parts are there.
CREATE TABLE snapshot (
  shard int NOT NULL,
  group_number bigint NOT NULL CHECK (group_number > 0),
  -- Token of the holder that wrote it: holders never touch each other's parts.
  token bigint NOT NULL,
  format int NOT NULL,
  rule_version int NOT NULL,
  sequence bigint NOT NULL,
  time_ms bigint NOT NULL,
  state_hash text NOT NULL,
  -- Checksum of the group in the journal: a snapshot of another history is of no use.
  group_checksum bigint NOT NULL,
  part_count int NOT NULL,
  -- CRC-32 of all parts, and of everything in this row.
  content_checksum bigint NOT NULL,
  checksum bigint NOT NULL,
  create_time timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (shard, group_number, token)
);

CREATE TABLE snapshot_part (
  shard int NOT NULL,
  group_number bigint NOT NULL,
  token bigint NOT NULL,
  part int NOT NULL CHECK (part >= 0),
  bytes bytea NOT NULL,
  PRIMARY KEY (shard, group_number, token, part)
);

ALTER TABLE snapshot_part ALTER COLUMN bytes SET STORAGE EXTERNAL;
