-- The ledger's own feed has its epoch from the start, and not from its first entry.
INSERT INTO platform.feed_head (name, sequence) VALUES ('ledger', 0) ON CONFLICT (name) DO NOTHING;
