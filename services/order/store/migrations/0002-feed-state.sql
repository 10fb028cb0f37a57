-- Position and epoch of each shard's feed move to the names and columns of platform/feed.

-- First the processes of the release before, which may still be up: their lease is taken for good, so that they neither apply what follows
-- nor begin the feed anew under the old name. What they are about to commit is waited for.
UPDATE platform.lease
  SET holder = 'replaced by feed.exchange', token = token + 1, expire_time = now() + interval '100 years'
  WHERE name ~ '^order-feed-\d+$';

UPDATE platform.feed_position SET name = 'exchange.' || substring(name FROM '\d+$') WHERE name ~ '^exchange-\d+$';
INSERT INTO platform.feed_position (name, sequence, epoch)
  SELECT 'exchange.' || shard, 0, epoch FROM feed_epochs
  ON CONFLICT (name) DO UPDATE SET epoch = excluded.epoch;
DROP TABLE feed_epochs;
