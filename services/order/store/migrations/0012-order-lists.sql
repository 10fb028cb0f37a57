-- Lists: orders that are placed together and depend on each other. A list is one row; its orders name it. All columns are NULL for orders that
-- belong to none.
CREATE TABLE order_lists (
  list_id uuid PRIMARY KEY,
  account_id uuid NOT NULL,
  client_list_id text COLLATE "C" NOT NULL,
  type text NOT NULL CHECK (type IN ('oco', 'oto', 'bracket')),
  fingerprint text NOT NULL,
  create_time timestamptz NOT NULL,
  UNIQUE (account_id, client_list_id)
);

ALTER TABLE orders
  ADD COLUMN list_id uuid,
  ADD COLUMN list_type text,
  -- The place in the list, from 0.
  ADD COLUMN list_index smallint,
  -- By which the open lots count for the account's open notional.
  ADD COLUMN list_ticks bigint;

CREATE INDEX orders_of_list ON orders (list_id, list_index) WHERE list_id IS NOT NULL;
