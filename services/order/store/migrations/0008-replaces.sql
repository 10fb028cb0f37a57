-- The revision of an order, and the change of it that is on its way, if any: its number among the changes of this order, and the terms that it
-- leads to. Its terms are null while none is; the stop price is also where it does not change.
ALTER TABLE orders
  ADD COLUMN revision integer NOT NULL DEFAULT 1,
  ADD COLUMN replace_number integer NOT NULL DEFAULT 0,
  ADD COLUMN replace_lots bigint,
  ADD COLUMN replace_price_ticks bigint,
  ADD COLUMN replace_stop_ticks bigint;

-- One row a change that an owner has asked for, by the owner's key, for 7 days. `number` is null for one that was refused before it was begun.
CREATE TABLE replaces (
  replace_id uuid PRIMARY KEY,
  account_id uuid NOT NULL,
  idempotency_key text COLLATE "C" NOT NULL,
  fingerprint text NOT NULL,
  order_id uuid NOT NULL,
  number integer,
  state text NOT NULL CHECK (state IN ('pending', 'done', 'refused', 'stale')),
  expected_revision integer NOT NULL,
  quantity_lots bigint NOT NULL,
  price_ticks bigint NOT NULL,
  -- Null: no change.
  stop_ticks bigint,
  refusal_reason text,
  refusal_metadata jsonb,
  -- Sequence of the event of the exchange's feed that ended it.
  final_position bigint,
  create_time timestamptz NOT NULL,
  sweep_time timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 80);
-- A change that met a newer revision has no outcome that is repeated: its key is free.
CREATE UNIQUE INDEX replaces_by_key ON replaces (account_id, idempotency_key) WHERE state <> 'stale';
CREATE UNIQUE INDEX replaces_by_number ON replaces (order_id, number) WHERE number IS NOT NULL;
-- What the sweeper looks for.
CREATE INDEX replaces_unfinished ON replaces (sweep_time) WHERE state = 'pending';
-- What retention looks for.
CREATE INDEX replaces_by_time ON replaces (create_time);

-- The sessions of each account for cancel on disconnect, and until when they live: their number is limited. What they end is known to the exchange.
CREATE TABLE sessions (
  account_id uuid NOT NULL,
  session_id text COLLATE "C" NOT NULL,
  end_time timestamptz NOT NULL,
  PRIMARY KEY (account_id, session_id)
);
CREATE INDEX sessions_by_end ON sessions (end_time);
