-- A condition waits for a trade of its book, in ticks, after the sequence of the exchange's feed at which it was armed; conditions of
-- earlier releases have no threshold in ticks until a job arms them. A condition that a trade has reached has next_attempt_time, and is
-- then a row of the queue of those to fire.
ALTER TABLE rule
  ADD COLUMN threshold_ticks bigint,
  ADD COLUMN tick_micros bigint,
  ADD COLUMN armed_sequence bigint,
  ADD COLUMN armed_epoch text,
  ADD COLUMN reach_sequence bigint,
  ADD COLUMN reach_price_micros bigint,
  ADD COLUMN attempts integer NOT NULL DEFAULT 0,
  ADD COLUMN next_attempt_time timestamptz,
  ADD CHECK (num_nonnulls(threshold_ticks, tick_micros, armed_sequence, armed_epoch) IN (0, 4)),
  ADD CHECK (next_attempt_time IS NULL OR num_nonnulls(reach_sequence, reach_price_micros) = 2);
CREATE INDEX rule_armed ON rule (symbol, direction, threshold_ticks)
  WHERE state = 'enabled' AND threshold_ticks IS NOT NULL AND next_attempt_time IS NULL;
CREATE INDEX rule_reached ON rule (next_attempt_time) WHERE state = 'enabled' AND next_attempt_time IS NOT NULL;
CREATE INDEX rule_unarmed ON rule (rule_id) WHERE state = 'enabled' AND symbol IS NOT NULL AND threshold_ticks IS NULL;

-- The last trade of each book in the part of the feed that was judged: a condition that is armed then knows whether it is reached already.
CREATE TABLE last_trade (
  symbol text PRIMARY KEY,
  sequence bigint NOT NULL,
  epoch text NOT NULL,
  price_ticks bigint NOT NULL
);
