-- What each purchase has left, as of the position `ledger.lots` in platform.feed_position, which begins with the ledger's first entry:
-- the releases before move the position `ledger` alone, and leave these tables as they are.
CREATE TABLE lot (
  account_id text NOT NULL,
  symbol text NOT NULL,
  -- The ledger's sequence of the first purchase in it.
  lot_id bigint NOT NULL,
  order_id text NOT NULL,
  acquire_time timestamptz NOT NULL,
  last_acquire_time timestamptz NOT NULL,
  purchases bigint NOT NULL CHECK (purchases > 0),
  quantity_micros bigint NOT NULL,
  cost_micros bigint NOT NULL,
  left_quantity_micros bigint NOT NULL CHECK (left_quantity_micros BETWEEN 1 AND quantity_micros),
  left_cost_micros bigint NOT NULL CHECK (left_cost_micros BETWEEN 0 AND cost_micros),
  PRIMARY KEY (account_id, symbol, lot_id)
);

-- What the lots of an account in a symbol come to, and what its sales have gained by lots.
CREATE TABLE lot_total (
  account_id text NOT NULL,
  symbol text NOT NULL,
  quantity_micros bigint NOT NULL CHECK (quantity_micros >= 0),
  cost_micros bigint NOT NULL CHECK (cost_micros >= 0),
  realized_micros bigint NOT NULL,
  -- Cost of the shares that left without a sale.
  taken_micros bigint NOT NULL DEFAULT 0 CHECK (taken_micros >= 0),
  PRIMARY KEY (account_id, symbol),
  CHECK (quantity_micros > 0 OR cost_micros = 0)
);

-- One row a sale and lot, by the ledger's sequence of the sale.
CREATE TABLE lot_sale (
  account_id text NOT NULL,
  sequence bigint NOT NULL,
  piece integer NOT NULL,
  symbol text NOT NULL,
  trade_id text NOT NULL,
  lot_id bigint NOT NULL,
  acquire_time timestamptz NOT NULL,
  last_acquire_time timestamptz NOT NULL,
  sale_time timestamptz NOT NULL,
  quantity_micros bigint NOT NULL CHECK (quantity_micros > 0),
  proceeds_micros bigint NOT NULL,
  cost_micros bigint NOT NULL CHECK (cost_micros >= 0),
  gain_micros bigint NOT NULL CHECK (gain_micros = proceeds_micros - cost_micros),
  PRIMARY KEY (account_id, sequence, piece)
);
CREATE INDEX lot_sale_symbol ON lot_sale (account_id, symbol, sequence, piece);

-- From which lots the sales of an account take that come after a sequence of the ledger, and from which those up to it. No row: the oldest.
CREATE TABLE lot_method (
  account_id text PRIMARY KEY,
  method text NOT NULL CHECK (method IN ('fifo', 'lifo', 'hifo')),
  previous_method text NOT NULL CHECK (previous_method IN ('fifo', 'lifo', 'hifo')),
  since_sequence bigint NOT NULL
);
