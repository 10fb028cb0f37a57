-- The audit reads gains by their sequence. They are appended in its order, so a few bytes for each range of pages find them.
CREATE INDEX realized_gain_sequence ON realized_gain USING brin (sequence) WITH (autosummarize = on);
