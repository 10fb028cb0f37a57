-- Cash is counted in micros from here on, millionths of the currency, as shares are. The columns get new names: statements of the release
-- before fail on them, where they would read one unit as the other. Each table is rewritten once.
-- A limit above what any account can have says the same at 10^11 of the currency.
ALTER TABLE account
  ALTER COLUMN transfer_max_cents TYPE bigint USING CASE WHEN transfer_max_cents IS NOT NULL THEN LEAST(transfer_max_cents, 10000000000000) * 10000 END;
ALTER TABLE account RENAME COLUMN transfer_max_cents TO transfer_max_micros;
ALTER TABLE balance
  ALTER COLUMN available TYPE bigint USING CASE WHEN asset = 'USD' THEN available * 10000 ELSE available END,
  ALTER COLUMN held TYPE bigint USING CASE WHEN asset = 'USD' THEN held * 10000 ELSE held END;
ALTER TABLE posting
  ALTER COLUMN amount TYPE bigint USING CASE WHEN asset = 'USD' THEN amount * 10000 ELSE amount END;
ALTER TABLE hold
  ALTER COLUMN tick_lot_cents TYPE bigint USING tick_lot_cents * 10000,
  ALTER COLUMN maker_value_cents TYPE bigint USING maker_value_cents * 10000,
  ALTER COLUMN taker_value_cents TYPE bigint USING taker_value_cents * 10000,
  ALTER COLUMN amount TYPE bigint USING CASE WHEN side = 'buy' THEN amount * 10000 ELSE amount END;
ALTER TABLE hold RENAME COLUMN tick_lot_cents TO tick_lot_micros;
ALTER TABLE hold RENAME COLUMN maker_value_cents TO maker_value_micros;
ALTER TABLE hold RENAME COLUMN taker_value_cents TO taker_value_micros;
ALTER TABLE transfer
  ALTER COLUMN amount_cents TYPE bigint USING amount_cents * 10000;
ALTER TABLE transfer RENAME COLUMN amount_cents TO amount_micros;
