-- What the accounts own, as of the position `ledger` in platform.feed_position; both move in one transaction.
CREATE TABLE cash (
  account_id text PRIMARY KEY,
  amount_cents bigint NOT NULL
);

CREATE TABLE position (
  account_id text NOT NULL,
  symbol text NOT NULL,
  quantity_micros bigint NOT NULL CHECK (quantity_micros >= 0),
  cost_cents bigint NOT NULL CHECK (cost_cents >= 0),
  realized_cents bigint NOT NULL,
  PRIMARY KEY (account_id, symbol),
  CHECK (quantity_micros > 0 OR cost_cents = 0)
);

-- One row a sale, by the ledger's sequence, of which an account sells at most once.
CREATE TABLE realized_gain (
  account_id text NOT NULL,
  sequence bigint NOT NULL,
  trade_id text NOT NULL,
  symbol text NOT NULL,
  quantity_micros bigint NOT NULL,
  proceeds_cents bigint NOT NULL,
  cost_cents bigint NOT NULL,
  gain_cents bigint NOT NULL,
  gain_time timestamptz NOT NULL,
  PRIMARY KEY (account_id, sequence)
);
