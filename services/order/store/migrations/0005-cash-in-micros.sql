-- Cash is counted in micros from here on, millionths of the currency, as shares are. The columns get new names: statements of the release
-- before fail on them, where they would read one unit as the other. Each table is rewritten once.
ALTER TABLE accounts
  ALTER COLUMN open_notional_cents TYPE bigint USING open_notional_cents * 10000;
ALTER TABLE accounts RENAME COLUMN open_notional_cents TO open_notional_micros;
-- A limit above what any account can have says the same at 10^11 of the currency.
ALTER TABLE conditions
  ALTER COLUMN order_notional_max_cents TYPE bigint USING CASE WHEN order_notional_max_cents IS NOT NULL THEN LEAST(order_notional_max_cents, 10000000000000) * 10000 END,
  ALTER COLUMN open_notional_max_cents TYPE bigint USING CASE WHEN open_notional_max_cents IS NOT NULL THEN LEAST(open_notional_max_cents, 10000000000000) * 10000 END;
ALTER TABLE conditions RENAME COLUMN order_notional_max_cents TO order_notional_max_micros;
ALTER TABLE conditions RENAME COLUMN open_notional_max_cents TO open_notional_max_micros;
ALTER TABLE orders
  ALTER COLUMN tick_lot_cents TYPE bigint USING tick_lot_cents * 10000,
  ALTER COLUMN maker_value_cents TYPE bigint USING maker_value_cents * 10000,
  ALTER COLUMN taker_value_cents TYPE bigint USING taker_value_cents * 10000,
  ALTER COLUMN fee_cents TYPE bigint USING fee_cents * 10000;
ALTER TABLE orders RENAME COLUMN tick_lot_cents TO tick_lot_micros;
ALTER TABLE orders RENAME COLUMN maker_value_cents TO maker_value_micros;
ALTER TABLE orders RENAME COLUMN taker_value_cents TO taker_value_micros;
ALTER TABLE orders RENAME COLUMN fee_cents TO fee_micros;
ALTER TABLE fills
  ALTER COLUMN value_cents TYPE bigint USING value_cents * 10000,
  ALTER COLUMN fee_cents TYPE bigint USING fee_cents * 10000;
ALTER TABLE fills RENAME COLUMN value_cents TO value_micros;
ALTER TABLE fills RENAME COLUMN fee_cents TO fee_micros;
