-- A tick of a lot is a whole number of millionths of the currency. The companies that a new market begins with trade in ten-thousandths of a
-- share, two of them in whole shares. Where a market has traded already its lots stay, as its orders and trades are counted in them.
ALTER TABLE instrument DROP CONSTRAINT instrument_check1;
ALTER TABLE instrument ADD CONSTRAINT tick_of_lot_is_whole CHECK ((tick_size::numeric * lot_size) % 1000000 = 0);
UPDATE instrument SET lot_size = 100
WHERE symbol NOT IN ('GALE', 'NOVA') AND NOT EXISTS (SELECT 1 FROM platform.feed_position) AND NOT EXISTS (SELECT 1 FROM candle);
