-- How far a payment is with its provider, beside the status of the transfer, on which held money depends. All columns have defaults, so that
-- a release before this one can go on writing transfers. A transfer whose provider is NULL was never with one: cash that staff gave.
ALTER TABLE transfer
  -- Of a pending transfer: `created` (the provider was not asked), `requested` (it was asked), `accepted` (it has the payment).
  ADD COLUMN progress text NOT NULL DEFAULT 'created' CHECK (progress IN ('created', 'requested', 'accepted')),
  -- Of a failed one: whether the provider refused it at once.
  ADD COLUMN refused boolean NOT NULL DEFAULT false,
  ADD COLUMN provider text,
  -- The provider's own id of the payment.
  ADD COLUMN payment_id text,
  -- Attempts without an answer, in a row; the bound is in the conditions of the indexes below.
  ADD COLUMN attempts integer NOT NULL DEFAULT 0,
  ADD COLUMN next_attempt_time timestamptz NOT NULL DEFAULT now(),
  -- Whether the provider's list has it with this outcome.
  ADD COLUMN reconciled boolean NOT NULL DEFAULT false;

CREATE INDEX transfer_due ON transfer (next_attempt_time) WHERE status = 'pending' AND attempts < 12;
CREATE INDEX transfer_stuck ON transfer (transfer_id) WHERE status = 'pending' AND attempts >= 12;
CREATE INDEX transfer_stuck_due ON transfer (next_attempt_time) WHERE status = 'pending' AND attempts >= 12;
CREATE INDEX transfer_of_account ON transfer (account_id, transfer_id);
CREATE INDEX transfer_unreconciled ON transfer (next_attempt_time)
  WHERE status <> 'pending' AND provider IS NOT NULL AND NOT reconciled;

-- Events of callbacks that have taken effect, written with it: a callback that comes again does nothing. Older ones than the window of
-- signatures cannot come again with their signature.
CREATE TABLE payment_event (
  provider text NOT NULL,
  event_id text NOT NULL,
  receive_time timestamptz NOT NULL,
  PRIMARY KEY (provider, event_id)
);
CREATE INDEX payment_event_receive_time ON payment_event (receive_time);

-- Where provider and ledger differ. Each difference once; nothing of it was booked.
CREATE TABLE payment_finding (
  finding_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  provider text NOT NULL,
  rule text NOT NULL,
  payment_key text NOT NULL,
  expected text NOT NULL,
  found text NOT NULL,
  find_time timestamptz NOT NULL,
  UNIQUE (provider, rule, payment_key)
);

-- How far the provider's list is compared: a round goes through all that changed since `since_time`, page by page.
CREATE TABLE payment_reconciliation (
  provider text PRIMARY KEY,
  since_time timestamptz NOT NULL,
  round_time timestamptz NOT NULL,
  cursor text NOT NULL
);

-- The payments of the local provider, which stands for a bank where there is none. Pending until `settle_time`.
CREATE TABLE local_payment (
  payment_key text PRIMARY KEY,
  payment_id text NOT NULL UNIQUE,
  direction text NOT NULL CHECK (direction IN ('in', 'out')),
  amount_cents bigint NOT NULL CHECK (amount_cents > 0),
  currency text NOT NULL,
  outcome text NOT NULL CHECK (outcome IN ('completed', 'failed', 'refused')),
  create_time timestamptz NOT NULL,
  settle_time timestamptz NOT NULL
);
CREATE INDEX local_payment_change ON local_payment (settle_time, payment_id);

-- The local provider's callbacks that are still to be delivered.
CREATE TABLE local_callback (
  callback_id uuid PRIMARY KEY,
  event_id text NOT NULL,
  payment_key text NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  next_attempt_time timestamptz NOT NULL
);
CREATE INDEX local_callback_due ON local_callback (next_attempt_time);
