-- Releases before this one stored a position limit of 0 like none. Copies that may be meant are older than any version of their source from here
-- on, so that they are fetched again when they are next compared with it; until then they count as before.
UPDATE conditions SET version = 0 WHERE position_max_micros = 0;
