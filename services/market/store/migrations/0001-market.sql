-- The catalogue. Prices and sizes are millionths of a dollar and of a share.
CREATE TABLE instrument (
  symbol text PRIMARY KEY CHECK (symbol ~ '^[A-Z0-9.]{1,12}$'),
  name text NOT NULL CHECK (name <> '' AND length(name) <= 80),
  sector text NOT NULL CHECK (length(sector) <= 40),
  tick_size bigint NOT NULL CHECK (tick_size > 0),
  lot_size bigint NOT NULL CHECK (lot_size > 0),
  currency text NOT NULL CHECK (currency = 'USD'),
  band_bps integer NOT NULL CHECK (band_bps BETWEEN 0 AND 10000),
  reference_price bigint NOT NULL CHECK (reference_price > 0 AND reference_price % tick_size = 0),
  create_time timestamptz NOT NULL DEFAULT now(),
  -- A tick of a lot is a whole number of cents, so no trade needs rounding.
  CHECK ((tick_size::numeric * lot_size) % 10000000000 = 0)
);

-- What was asked under an operator's key, so that the key cannot mean two things. Kept 7 days.
CREATE TABLE state_command (
  key text PRIMARY KEY CHECK (length(key) BETWEEN 1 AND 64),
  symbol text NOT NULL,
  state smallint NOT NULL,
  create_time timestamptz NOT NULL DEFAULT now()
);

-- Trades in feed order; one writer a shard, so `id` rises with the feed within a symbol. Kept 7 days.
CREATE TABLE trade (
  symbol text NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  sequence bigint NOT NULL,
  trade_id text NOT NULL,
  time_ms bigint NOT NULL,
  price_ticks bigint NOT NULL,
  quantity_lots bigint NOT NULL,
  taker_side smallint NOT NULL,
  PRIMARY KEY (symbol, id)
);
CREATE INDEX trade_time_ms ON trade USING brin (time_ms) WITH (pages_per_range = 16);

-- Candles of every length; each length has its retention.
CREATE TABLE candle (
  symbol text NOT NULL,
  interval_ms integer NOT NULL,
  start_ms bigint NOT NULL,
  open_ticks bigint NOT NULL,
  high_ticks bigint NOT NULL,
  low_ticks bigint NOT NULL,
  close_ticks bigint NOT NULL,
  volume_lots bigint NOT NULL,
  trade_count bigint NOT NULL,
  PRIMARY KEY (symbol, interval_ms, start_ms)
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);
