-- Where the holder of a shard takes calls, `host:port`: those that arrive elsewhere are passed on to it.
ALTER TABLE shard ADD COLUMN address text NOT NULL DEFAULT '';
