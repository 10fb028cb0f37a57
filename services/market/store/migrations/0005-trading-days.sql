-- The calendar whose days the book of an instrument follows; an older release lists books that trade without end.
ALTER TABLE instrument ADD COLUMN calendar text NOT NULL DEFAULT '24x7' CHECK (length(calendar) BETWEEN 1 AND 32);

-- Where the day of a book stands. One row for each instrument whose book was driven to a state, or that an operator halted or resumed.
CREATE TABLE trading_day (
  symbol text PRIMARY KEY REFERENCES instrument (symbol),
  -- The last change of state that the exchange has carried out: days since 1970-01-01 of its session, number of resumptions by then, and
  -- number of outcry.trading.v1.TradingState, which rises through a session. They only rise, in this order.
  day integer NOT NULL DEFAULT -1,
  driven_resumptions integer NOT NULL DEFAULT 0,
  state smallint NOT NULL DEFAULT 0,
  -- The key of an operator's halt that is in force.
  halt_key text CHECK (length(halt_key) BETWEEN 1 AND 64),
  -- How often operators resumed the book.
  resumptions integer NOT NULL DEFAULT 0,
  -- Until when, by the market's clock, the book that was resumed last collects orders before it trades.
  reopen_time_ms bigint
);

-- How long an auction precedes trading, by the key of a resumption; NULL for a halt.
ALTER TABLE state_command ADD COLUMN auction_ms bigint;

-- Two more companies, invented too, that a new market begins with: they keep the sessions of New York.
INSERT INTO instrument (symbol, name, sector, tick_size, lot_size, currency, band_bps, reference_price, calendar)
SELECT * FROM (VALUES
  ('BRNX', 'Bronx Breweries', 'Consumer goods', 10000, 100, 'USD', 2000, 36400000, 'XNYS'),
  ('HUDS', 'Hudson Ferries', 'Transport', 10000, 100, 'USD', 2000, 58150000, 'XNYS')
) AS company
WHERE NOT EXISTS (SELECT 1 FROM platform.feed_position) AND NOT EXISTS (SELECT 1 FROM candle);
