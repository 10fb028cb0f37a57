-- Whether fills are mailed at the end of their order alone ('at-end') or while it fills too ('progress'); null: the default.
ALTER TABLE preference ADD COLUMN fill_emails text CHECK (fill_emails IN ('at-end', 'progress'));

-- An order has one row: the mail that waits, or else the last one. A later fact of the order, by order_ended and order_version, takes the
-- place of the former mail under a new delivery_id, so that the outcome of a mail on its way never counts for the next one.
ALTER TABLE delivery ADD COLUMN order_id uuid;
ALTER TABLE delivery ADD COLUMN order_version bigint;
ALTER TABLE delivery ADD COLUMN order_ended boolean;
CREATE UNIQUE INDEX delivery_order ON delivery (order_id) WHERE order_id IS NOT NULL;

-- Each mail changes its row twice within a second: versions that nothing sees any more go early.
ALTER TABLE delivery SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000);
