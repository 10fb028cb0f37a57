-- The last best prices of each second in which they changed, by the market's clock; NULL where a side is empty. Kept 1 day.
CREATE TABLE past_quote (
  symbol text NOT NULL,
  second_ms bigint NOT NULL,
  time_ms bigint NOT NULL,
  bid_ticks bigint,
  bid_lots bigint,
  ask_ticks bigint,
  ask_lots bigint,
  PRIMARY KEY (symbol, second_ms)
);
