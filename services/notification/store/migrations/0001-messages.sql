-- Where people can be reached: copies of what the user service knows.
CREATE TABLE contact (
  account_id uuid PRIMARY KEY,
  email text NOT NULL,
  display_name text NOT NULL,
  house boolean NOT NULL
);

-- What people decided; kinds without a row have their default.
CREATE TABLE preference (
  account_id uuid NOT NULL,
  kind text NOT NULL,
  email boolean NOT NULL,
  in_app boolean NOT NULL,
  PRIMARY KEY (account_id, kind)
);

-- In-app messages. A fact (the event that told of it) makes at most one of a kind.
CREATE TABLE message (
  message_id uuid PRIMARY KEY,
  fact_id uuid NOT NULL,
  account_id uuid NOT NULL,
  kind text NOT NULL,
  subject text NOT NULL,
  text text NOT NULL,
  create_time timestamptz NOT NULL,
  read_time timestamptz,
  UNIQUE (fact_id, kind)
);
CREATE INDEX message_box ON message (account_id, message_id DESC);
CREATE INDEX message_unread ON message (account_id, message_id DESC) WHERE read_time IS NULL;
CREATE INDEX message_create_time ON message USING brin (create_time);

-- E-mails on their way. waiting -> sent, waiting -> dead, dead -> waiting (redriven). Who works on one moves next_attempt_time
-- forward first: should it die, the delivery comes due again.
CREATE TABLE delivery (
  delivery_id uuid PRIMARY KEY,
  fact_id uuid NOT NULL,
  account_id uuid NOT NULL,
  kind text NOT NULL,
  subject text NOT NULL,
  text text NOT NULL,
  fact_time timestamptz NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'dead')),
  attempts integer NOT NULL DEFAULT 0,
  next_attempt_time timestamptz NOT NULL,
  end_time timestamptz,
  dead_letter_id uuid UNIQUE,
  last_failure text NOT NULL DEFAULT '',
  UNIQUE (fact_id, kind),
  CHECK ((state = 'dead') = (dead_letter_id IS NOT NULL)),
  CHECK ((state = 'waiting') = (end_time IS NULL))
);
CREATE INDEX delivery_due ON delivery (next_attempt_time) WHERE state = 'waiting';
CREATE INDEX delivery_end_time ON delivery (end_time) WHERE state <> 'waiting';
