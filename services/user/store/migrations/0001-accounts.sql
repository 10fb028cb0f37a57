-- One row an account: its owner's identity, its state and its conditions. A null limit means no limit.
CREATE TABLE account (
  account_id uuid PRIMARY KEY,
  email text UNIQUE,
  display_name text NOT NULL,
  password_hash text,
  house_name text UNIQUE,
  roles text[] NOT NULL,
  state text NOT NULL CHECK (state IN ('active', 'frozen', 'closed')),
  version bigint NOT NULL CHECK (version > 0),
  fee_plan_name text NOT NULL,
  maker_bps integer NOT NULL CHECK (maker_bps BETWEEN 0 AND 1000),
  taker_bps integer NOT NULL CHECK (taker_bps BETWEEN 0 AND 1000),
  order_notional_max_cents bigint,
  open_notional_max_cents bigint,
  open_orders_max integer NOT NULL,
  orders_per_second_max integer NOT NULL,
  position_quantity_max_micros bigint,
  market_orders_permitted boolean NOT NULL,
  transfer_amount_max_cents bigint,
  create_time timestamptz NOT NULL DEFAULT now(),
  -- A person has an address and a password, a house account a name and neither.
  CHECK ((house_name IS NULL) = (email IS NOT NULL AND password_hash IS NOT NULL))
);

-- What staff did to accounts, for the record.
CREATE TABLE account_change (
  account_id uuid NOT NULL REFERENCES account,
  change_id uuid NOT NULL,
  actor_id uuid NOT NULL,
  change text NOT NULL,
  note text NOT NULL,
  change_time timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (account_id, change_id)
);
