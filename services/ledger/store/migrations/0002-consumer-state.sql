-- Epoch and halt of each shard's feed are stored with the position in it, as for every consumer of a feed.

-- Replicas of the release before settle under this lease and read the table that is dropped: from here on they settle nothing. The lease
-- goes first, as their transactions lock it before the position.
DELETE FROM platform.lease WHERE name LIKE 'settlement.%';
LOCK TABLE shard;

INSERT INTO platform.feed_position (name, sequence, epoch, halt_sequence, halt_cause, halt_time)
SELECT 'exchange.' || shard, 0, coalesce(epoch, ''), halt_sequence, halt_cause, halt_time FROM shard
ON CONFLICT (name) DO UPDATE
  SET epoch = excluded.epoch, halt_sequence = excluded.halt_sequence, halt_cause = excluded.halt_cause,
    halt_time = excluded.halt_time;

DROP TABLE shard;
