-- What runs once has its time in start_time; has_begun when its run was made. A release before cannot read such rules, and leaves them alone:
-- they are in none of its queues. slice_terms: a large order that is worked in slices.
ALTER TABLE rule
  ADD COLUMN start_time timestamptz,
  ADD COLUMN has_begun boolean NOT NULL DEFAULT false,
  ADD COLUMN slice_terms jsonb,
  DROP CONSTRAINT rule_check1,
  ADD CONSTRAINT rule_trigger_and_action CHECK (num_nonnulls(cron, symbol, start_time) = 1
    AND num_nonnulls(order_draft, alert_note, slice_terms) = 1 AND (slice_terms IS NULL OR start_time IS NOT NULL));
CREATE INDEX rule_once_due ON rule (start_time) WHERE state = 'enabled' AND NOT has_begun AND start_time IS NOT NULL;

-- One row a run of a slice, and a queue of those that are worked; the run itself is due at infinity, so that no release takes it for an
-- order. Who works on one moves next_attempt_time forward first, and writes order_micros before it places the order of next_index: should
-- it die, the next one places that order again, with the same key and size. Shares are in millionths.
CREATE TABLE slice (
  run_id uuid PRIMARY KEY REFERENCES run ON DELETE CASCADE,
  total_micros bigint NOT NULL,
  lot_micros bigint,
  weights jsonb,
  profile text CHECK (profile IN ('even', 'volume')),
  next_index integer NOT NULL DEFAULT 0,
  order_micros bigint,
  tries integer NOT NULL DEFAULT 0,
  placed_micros bigint NOT NULL DEFAULT 0,
  filled_micros bigint NOT NULL DEFAULT 0,
  placed_count integer NOT NULL DEFAULT 0,
  refused_count integer NOT NULL DEFAULT 0,
  last_reason text NOT NULL DEFAULT '',
  last_metadata jsonb NOT NULL DEFAULT '{}',
  attempts integer NOT NULL DEFAULT 0,
  next_attempt_time timestamptz,
  CHECK (num_nonnulls(lot_micros, weights, profile) IN (0, 3)),
  CHECK (order_micros IS NULL OR (order_micros > 0 AND lot_micros IS NOT NULL)),
  CHECK (filled_micros BETWEEN 0 AND total_micros)
);
CREATE INDEX slice_due ON slice (next_attempt_time) WHERE next_attempt_time IS NOT NULL;
