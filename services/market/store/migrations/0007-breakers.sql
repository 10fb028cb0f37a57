-- The circuit breaker of an instrument: a trade farther than this many basis points from where continuous trading began halts the book for one
-- time, ms, after which it reopens by an auction of the other. 0: none, as an older release lists it.
ALTER TABLE instrument
  ADD COLUMN breaker_bps integer NOT NULL DEFAULT 0 CHECK (breaker_bps BETWEEN 0 AND 10000),
  ADD COLUMN breaker_halt_ms integer NOT NULL DEFAULT 0 CHECK (breaker_halt_ms BETWEEN 0 AND 86400000),
  ADD COLUMN breaker_auction_ms integer NOT NULL DEFAULT 0 CHECK (breaker_auction_ms BETWEEN 0 AND 86400000),
  ADD CONSTRAINT breaker_has_times CHECK ((breaker_bps = 0) = (breaker_halt_ms = 0) AND (breaker_bps = 0) = (breaker_auction_ms = 0));

-- The companies that a new market begins with: 10 %, which the house's walk does not reach. The books of a market that has begun are open, and
-- an open book keeps its terms.
UPDATE instrument SET breaker_bps = 1000, breaker_halt_ms = 60000, breaker_auction_ms = 60000
WHERE NOT EXISTS (SELECT 1 FROM platform.feed_position) AND NOT EXISTS (SELECT 1 FROM candle);
