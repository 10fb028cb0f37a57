-- One row an automation: a schedule (cron) or a condition (symbol), which places an order or sends an alert.
CREATE TABLE rule (
  rule_id uuid PRIMARY KEY,
  account_id uuid NOT NULL,
  name text NOT NULL,
  state text NOT NULL CHECK (state IN ('enabled', 'paused', 'done', 'deleted')),
  cron text,
  time_zone text,
  symbol text,
  direction text CHECK (direction IN ('at-or-above', 'at-or-below')),
  price_micros bigint,
  order_draft jsonb,
  alert_note text,
  next_run_time timestamptz,
  create_time timestamptz NOT NULL,
  delete_time timestamptz,
  CHECK (num_nonnulls(cron, time_zone) IN (0, 2) AND num_nonnulls(symbol, direction, price_micros) IN (0, 3)),
  CHECK (num_nonnulls(cron, symbol) = 1 AND num_nonnulls(order_draft, alert_note) = 1),
  CHECK (next_run_time IS NULL OR (state = 'enabled' AND cron IS NOT NULL)),
  CHECK ((state = 'deleted') = (delete_time IS NOT NULL))
);
CREATE INDEX rule_owner ON rule (account_id, rule_id DESC) WHERE state <> 'deleted';
CREATE INDEX rule_due ON rule (next_run_time) WHERE next_run_time IS NOT NULL;
CREATE INDEX rule_waiting ON rule (symbol, direction, price_micros) WHERE state = 'enabled' AND symbol IS NOT NULL;
CREATE INDEX rule_delete_time ON rule (delete_time) WHERE delete_time IS NOT NULL;

-- One row a run. Whoever finds a rule due inserts it; the key makes it one, whoever else finds the same. The ids (UUID version 7)
-- carry the scheduled time. Who works on a pending run moves next_attempt_time forward first: should it die, it comes due again.
CREATE TABLE run (
  run_id uuid PRIMARY KEY,
  rule_id uuid NOT NULL REFERENCES rule ON DELETE CASCADE,
  scheduled_time timestamptz NOT NULL,
  outcome text NOT NULL CHECK (outcome IN ('pending', 'done', 'refused', 'missed')),
  attempts integer NOT NULL DEFAULT 0,
  next_attempt_time timestamptz,
  finish_time timestamptz,
  order_id text NOT NULL DEFAULT '',
  reason text NOT NULL DEFAULT '',
  metadata jsonb NOT NULL DEFAULT '{}',
  UNIQUE (rule_id, scheduled_time),
  CHECK ((outcome = 'pending') = (next_attempt_time IS NOT NULL)),
  CHECK ((outcome = 'pending') = (finish_time IS NULL))
);
CREATE INDEX run_pending ON run (next_attempt_time) WHERE outcome = 'pending';
CREATE INDEX run_history ON run (rule_id, run_id DESC);
