-- The audit reads postings by their sequence. They are appended in its order, so a few bytes for each range of pages find them; writing
-- a posting costs nothing more.
CREATE INDEX posting_sequence ON posting USING brin (sequence) WITH (autosummarize = on);
