-- One row an account: its own change sequence and what it has open. Every visible change of an order is written while this
-- row is locked, so the sequence becomes visible in its order and no reader can pass a change that is not committed yet.
CREATE TABLE accounts (
  account_id uuid PRIMARY KEY,
  change_sequence bigint NOT NULL DEFAULT 0,
  open_count integer NOT NULL DEFAULT 0 CHECK (open_count >= 0),
  open_notional_cents bigint NOT NULL DEFAULT 0 CHECK (open_notional_cents >= 0),
  rate_second bigint NOT NULL DEFAULT 0,
  rate_count integer NOT NULL DEFAULT 0
) WITH (fillfactor = 70);

-- A copy of each user's trading conditions, at a version.
CREATE TABLE conditions (
  account_id uuid PRIMARY KEY,
  version bigint NOT NULL,
  state text NOT NULL CHECK (state IN ('active', 'frozen', 'closed')),
  house boolean NOT NULL,
  maker_bps integer NOT NULL,
  taker_bps integer NOT NULL,
  order_notional_max_cents bigint,
  open_notional_max_cents bigint,
  open_orders_max integer NOT NULL,
  orders_per_second_max integer NOT NULL,
  position_max_micros bigint NOT NULL,
  market_orders_permitted boolean NOT NULL
);

CREATE TABLE orders (
  order_id uuid PRIMARY KEY,
  account_id uuid NOT NULL,
  client_order_id text COLLATE "C" NOT NULL,
  fingerprint text NOT NULL,
  state text NOT NULL
    CHECK (state IN ('intent', 'submitting', 'compensating', 'open', 'filled', 'cancelled', 'rejected')),
  version integer NOT NULL,
  change_sequence bigint NOT NULL,
  symbol text COLLATE "C" NOT NULL,
  shard integer NOT NULL,
  side text NOT NULL CHECK (side IN ('buy', 'sell')),
  type text NOT NULL CHECK (type IN ('market', 'limit')),
  time_in_force text NOT NULL CHECK (time_in_force IN ('gtc', 'ioc', 'fok')),
  post_only boolean NOT NULL,
  by_amount boolean NOT NULL,
  house boolean NOT NULL,
  quantity_lots bigint NOT NULL CHECK (quantity_lots >= 0),
  price_ticks bigint NOT NULL CHECK (price_ticks >= 0),
  tick_micros bigint NOT NULL,
  lot_micros bigint NOT NULL,
  tick_lot_cents bigint NOT NULL,
  maker_bps integer NOT NULL,
  taker_bps integer NOT NULL,
  position_max_micros bigint NOT NULL,
  filled_lots bigint NOT NULL CHECK (filled_lots BETWEEN 0 AND quantity_lots),
  maker_value_cents bigint NOT NULL,
  taker_value_cents bigint NOT NULL,
  fee_cents bigint NOT NULL,
  cancel_requested boolean NOT NULL,
  refusal_reason text,
  refusal_metadata jsonb,
  compensated boolean NOT NULL,
  accepted_position bigint,
  final_position bigint,
  create_time timestamptz NOT NULL,
  update_time timestamptz NOT NULL,
  sweep_time timestamptz NOT NULL DEFAULT now(),
  UNIQUE (account_id, client_order_id)
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX orders_by_change ON orders (account_id, change_sequence);
CREATE INDEX orders_open ON orders (account_id, change_sequence) WHERE state NOT IN ('filled', 'cancelled', 'rejected');
-- What the sweeper looks for, and only that.
CREATE INDEX orders_unfinished ON orders (sweep_time)
  WHERE state IN ('intent', 'submitting', 'compensating') OR (state = 'open' AND cancel_requested);
-- What the audit looks for: what is open, and what ended lately.
CREATE INDEX orders_not_final ON orders (order_id) WHERE state NOT IN ('filled', 'cancelled', 'rejected');
CREATE INDEX orders_final_position ON orders (shard, final_position) WHERE final_position IS NOT NULL;
CREATE INDEX orders_compensated ON orders (update_time) WHERE compensated AND final_position IS NULL;

-- What retention looks for.
CREATE INDEX orders_house_final ON orders (update_time) WHERE house AND state IN ('filled', 'cancelled', 'rejected');

CREATE TABLE fills (
  trade_id text COLLATE "C" NOT NULL,
  order_id uuid NOT NULL REFERENCES orders,
  account_id uuid NOT NULL,
  change_sequence bigint NOT NULL,
  symbol text COLLATE "C" NOT NULL,
  side text NOT NULL,
  lots bigint NOT NULL CHECK (lots > 0),
  price_ticks bigint NOT NULL CHECK (price_ticks > 0),
  tick_micros bigint NOT NULL,
  lot_micros bigint NOT NULL,
  value_cents bigint NOT NULL,
  fee_cents bigint NOT NULL,
  maker boolean NOT NULL,
  feed_sequence bigint NOT NULL,
  trade_time timestamptz NOT NULL,
  PRIMARY KEY (order_id, trade_id)
);
CREATE UNIQUE INDEX fills_by_change ON fills (account_id, change_sequence);

-- The epoch of each followed feed: when it changes, history was lost and nothing may be applied any more.
CREATE TABLE feed_epochs (
  shard integer PRIMARY KEY,
  epoch text NOT NULL
);
