-- A position was named exchange/<shard>/<epoch>; it is exchange.<shard> now, with the epoch beside it. The newest of a shard goes on.
INSERT INTO platform.feed_position (name, sequence, epoch, update_time)
SELECT DISTINCT ON (split_part(name, '/', 2))
  'exchange.' || split_part(name, '/', 2), sequence, split_part(name, '/', 3), update_time
FROM platform.feed_position
WHERE name LIKE 'exchange/%/%'
ORDER BY split_part(name, '/', 2), update_time DESC;

DELETE FROM platform.feed_position WHERE name LIKE 'exchange/%/%';
