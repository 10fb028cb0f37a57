-- Trades of a symbol by time: lists begin anywhere in the stored week.
CREATE INDEX trade_symbol_time ON trade (symbol, time_ms, id);

-- What a candle's average price is made of: the sum of ticks x lots over the trades, and the lots that the sum is of. A release that does not
-- know the columns adds to the volume only; then the two numbers of lots differ, and the average is not known.
ALTER TABLE candle ADD COLUMN turnover numeric, ADD COLUMN priced_lots bigint;
