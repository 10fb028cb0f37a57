-- The last change of an order that its hold was asked to pay for: null on the holds of all orders that were never changed. While it is
-- `pending` the hold pays for the order as it is and as it may become; afterwards the row is what a repeat of the request is compared with.
ALTER TABLE hold
  ADD COLUMN amend_number integer,
  ADD COLUMN amend_state text CHECK (amend_state IN ('pending', 'ended', 'refused')),
  ADD COLUMN amend_command text,
  ADD COLUMN amend_lots bigint,
  ADD COLUMN amend_price_ticks bigint,
  ADD COLUMN amend_refusal jsonb;
