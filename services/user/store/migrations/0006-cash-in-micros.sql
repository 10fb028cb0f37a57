-- Cash is counted in micros from here on, millionths of the currency, as shares are. The columns get new names: statements of the release
-- before fail on them, where they would read one unit as the other. Each table is rewritten once.
-- A limit above what any account can have says the same at 10^11 of the currency.
ALTER TABLE account
  ALTER COLUMN order_notional_max_cents TYPE bigint USING CASE WHEN order_notional_max_cents IS NOT NULL THEN LEAST(order_notional_max_cents, 10000000000000) * 10000 END,
  ALTER COLUMN open_notional_max_cents TYPE bigint USING CASE WHEN open_notional_max_cents IS NOT NULL THEN LEAST(open_notional_max_cents, 10000000000000) * 10000 END,
  ALTER COLUMN transfer_amount_max_cents TYPE bigint USING CASE WHEN transfer_amount_max_cents IS NOT NULL THEN LEAST(transfer_amount_max_cents, 10000000000000) * 10000 END;
ALTER TABLE account RENAME COLUMN order_notional_max_cents TO order_notional_max_micros;
ALTER TABLE account RENAME COLUMN open_notional_max_cents TO open_notional_max_micros;
ALTER TABLE account RENAME COLUMN transfer_amount_max_cents TO transfer_amount_max_micros;
