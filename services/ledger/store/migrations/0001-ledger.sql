-- The ledger: who owns what, what is set aside for whom, and every change of ownership that led there.
-- Cash is in cents, shares are in millionths. Locks are taken in one order everywhere, so that no two transactions wait for
-- each other: idempotency key or feed position, transfer, balances (by account and asset), holds (by order), feed head.

-- The copy of what the user service says of an account.
CREATE TABLE account (
  account_id uuid PRIMARY KEY,
  version bigint NOT NULL,
  state text NOT NULL CHECK (state IN ('active', 'frozen', 'closed')),
  house boolean NOT NULL,
  transfer_max_cents bigint
);

-- What an account has of an asset now. Only the two accounts that stand for the world outside may fall below 0.
CREATE TABLE balance (
  account_id uuid NOT NULL,
  asset text NOT NULL,
  available bigint NOT NULL,
  held bigint NOT NULL,
  PRIMARY KEY (account_id, asset),
  CONSTRAINT available_not_negative CHECK (
    available >= 0
    OR account_id IN ('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000002')
  ),
  CONSTRAINT held_not_negative CHECK (held >= 0)
) WITH (fillfactor = 70);

-- Changes of ownership, and at the same time the ledger's feed: without a gap, in the order of commit. `fact` is what the feed
-- tells. A trade, transfer or issue is booked once: its reference is unique.
CREATE TABLE entry (
  sequence bigint PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('trade', 'cash', 'issue')),
  reference text NOT NULL,
  book_time timestamptz NOT NULL,
  fact bytea NOT NULL,
  UNIQUE (kind, reference)
);

-- The legs of the entries; those of one entry sum to 0 for each asset. Written in one statement with their entry.
CREATE TABLE posting (
  sequence bigint NOT NULL,
  line smallint NOT NULL,
  account_id uuid NOT NULL,
  asset text NOT NULL,
  amount bigint NOT NULL CHECK (amount <> 0),
  kind text NOT NULL CHECK (kind IN ('deposit', 'withdrawal', 'issue', 'trade', 'fee')),
  order_id uuid,
  PRIMARY KEY (sequence, line)
);
CREATE INDEX posting_of_account ON posting (account_id, sequence, line);

-- One row for every order id that was ever named to the ledger: its hold, its refusal, or the mark that it gets none.
CREATE TABLE hold (
  order_id uuid PRIMARY KEY,
  state text NOT NULL CHECK (state IN ('open', 'settled', 'released', 'refused')),
  account_id uuid,
  symbol text,
  side text CHECK (side IN ('buy', 'sell')),
  lots bigint,
  price_ticks bigint,
  tick_lot_cents bigint,
  lot_micros bigint,
  maker_bps integer,
  taker_bps integer,
  filled_lots bigint NOT NULL DEFAULT 0,
  maker_value_cents bigint NOT NULL DEFAULT 0,
  taker_value_cents bigint NOT NULL DEFAULT 0,
  amount bigint NOT NULL DEFAULT 0,
  revision integer NOT NULL DEFAULT 0,
  refusal jsonb,
  create_time timestamptz NOT NULL,
  -- Only an id that was closed before any hold came has no terms.
  CONSTRAINT terms_known CHECK (
    num_nulls(account_id, symbol, side, lots, price_ticks, tick_lot_cents, lot_micros, maker_bps, taker_bps) = 0
    OR (state = 'released' AND account_id IS NULL)
  ),
  CONSTRAINT only_open_holds CHECK (amount >= 0 AND (state = 'open') = (amount > 0)),
  CONSTRAINT refusal_told CHECK ((state = 'refused') = (refusal IS NOT NULL))
) WITH (fillfactor = 80);
CREATE INDEX hold_open ON hold (account_id, order_id) WHERE state = 'open';

-- Deposits and withdrawals. A pending withdrawal holds its amount in the account's balance.
CREATE TABLE transfer (
  transfer_id uuid PRIMARY KEY,
  account_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('deposit', 'withdrawal')),
  amount_cents bigint NOT NULL CHECK (amount_cents > 0),
  status text NOT NULL CHECK (status IN ('pending', 'completed', 'failed')),
  idempotency_key text NOT NULL,
  create_time timestamptz NOT NULL
);
CREATE INDEX transfer_of_key ON transfer (account_id, idempotency_key, create_time);
CREATE INDEX transfer_pending ON transfer (create_time) WHERE status = 'pending';

-- What settlement knows of each shard of the exchange beside its position. A halt is lifted by setting it to NULL.
CREATE TABLE shard (
  shard integer PRIMARY KEY,
  epoch text,
  halt_sequence bigint,
  halt_cause text,
  halt_time timestamptz
);
