-- A difference between a payment provider and the ledger stays stored once it is settled with the provider: when, why, and by whose account.
ALTER TABLE payment_finding
  ADD COLUMN settle_time timestamptz,
  ADD COLUMN settle_reason text,
  ADD COLUMN settled_by uuid,
  ADD CONSTRAINT settled_whole CHECK (num_nulls(settle_time, settle_reason, settled_by) IN (0, 3));
CREATE INDEX payment_finding_unsettled ON payment_finding (finding_id) WHERE settle_time IS NULL;
