-- Prices that auctions found, with what traded at them. Kept 730 days.
CREATE TABLE auction (
  symbol text NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  time_ms bigint NOT NULL,
  -- Number of outcry.market.v1.AuctionKind.
  kind smallint NOT NULL,
  price_ticks bigint NOT NULL,
  quantity_lots bigint NOT NULL,
  PRIMARY KEY (symbol, time_ms, id)
);

-- What the record of trades knows of a book's states, from which the kind of an auction follows. An older release does not write it: the first
-- auction after an upgrade may then be taken for a reopening.
CREATE TABLE book_phase (
  symbol text PRIMARY KEY,
  -- Number of outcry.trading.v1.TradingState.
  state smallint NOT NULL,
  -- Whether it has traded continuously in its session.
  has_opened boolean NOT NULL,
  -- Number of the kind of the auction that the last change of state held, if it held one.
  auction_kind smallint NOT NULL
);
