-- What a follower has seen of a feed's history, up to which sequence: the feed compares it before it goes on.
ALTER TABLE platform.feed_position
  ADD COLUMN seen_sequence bigint NOT NULL DEFAULT 0,
  ADD COLUMN fingerprint text NOT NULL DEFAULT '';

-- Names the history of an own feed: a database that was made anew has another one.
ALTER TABLE platform.feed_head ADD COLUMN epoch uuid NOT NULL DEFAULT gen_random_uuid();
