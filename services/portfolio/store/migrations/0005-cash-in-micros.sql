-- Cash is counted in micros from here on, millionths of the currency, as shares are. The columns get new names: statements of the release
-- before fail on them, where they would read one unit as the other. Each table is rewritten once.
ALTER TABLE cash
  ALTER COLUMN amount_cents TYPE bigint USING amount_cents * 10000;
ALTER TABLE cash RENAME COLUMN amount_cents TO amount_micros;
ALTER TABLE position
  ALTER COLUMN cost_cents TYPE bigint USING cost_cents * 10000,
  ALTER COLUMN realized_cents TYPE bigint USING realized_cents * 10000;
ALTER TABLE position RENAME COLUMN cost_cents TO cost_micros;
ALTER TABLE position RENAME COLUMN realized_cents TO realized_micros;
ALTER TABLE realized_gain
  ALTER COLUMN proceeds_cents TYPE bigint USING proceeds_cents * 10000,
  ALTER COLUMN cost_cents TYPE bigint USING cost_cents * 10000,
  ALTER COLUMN gain_cents TYPE bigint USING gain_cents * 10000;
ALTER TABLE realized_gain RENAME COLUMN proceeds_cents TO proceeds_micros;
ALTER TABLE realized_gain RENAME COLUMN cost_cents TO cost_micros;
ALTER TABLE realized_gain RENAME COLUMN gain_cents TO gain_micros;
