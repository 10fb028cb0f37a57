-- All kinds of order. `special_terms` has what only some kinds state, in ticks and lots, and is null for plain market and limit orders;
-- `trigger_time` is when an order that waited outside of the book entered it.
ALTER TABLE orders ADD COLUMN special_terms jsonb, ADD COLUMN trigger_time timestamptz;

-- Every row there is satisfies the wider rules, so none is read.
ALTER TABLE orders DROP CONSTRAINT orders_type_check, DROP CONSTRAINT orders_time_in_force_check;
ALTER TABLE orders
  ADD CONSTRAINT orders_type_check
    CHECK (type IN ('market', 'limit', 'stop', 'stop-limit', 'trailing-stop', 'iceberg')) NOT VALID,
  -- `special-gtc` is GTC of an order with special terms: releases before take it for one that they must not submit.
  ADD CONSTRAINT orders_time_in_force_check
    CHECK (time_in_force IN ('gtc', 'day', 'gtd', 'ioc', 'fok', 'at-open', 'at-close', 'special-gtc')) NOT VALID;
