-- The tables that platform/ keeps in each service's database.

-- Roles that one process may have at a time. The token rises by one at each takeover and fences late writers: they name
-- it in their statements. UNIQUE (name, token) makes a takeover, and only a takeover, conflict with FOR KEY SHARE.
CREATE TABLE platform.lease (
  name text PRIMARY KEY,
  holder text NOT NULL,
  token bigint NOT NULL,
  expire_time timestamptz NOT NULL,
  UNIQUE (name, token)
);

-- How far a follower has applied each feed; moved in the transaction that applies.
CREATE TABLE platform.feed_position (
  name text PRIMARY KEY,
  sequence bigint NOT NULL,
  update_time timestamptz NOT NULL DEFAULT now()
);

-- The last sequence that was drawn for each of the service's own feeds; its row lock is held from the draw to the commit.
CREATE TABLE platform.feed_head (
  name text PRIMARY KEY,
  sequence bigint NOT NULL
);

-- Events to be published, written with the change that they tell of and deleted once the bus has accepted them.
CREATE TABLE platform.outbox (
  sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id uuid NOT NULL,
  type text NOT NULL,
  key text NOT NULL,
  payload bytea NOT NULL,
  traceparent text NOT NULL DEFAULT '',
  create_time timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

-- Events that a queue's handler has taken effect for, written with that effect.
CREATE TABLE platform.inbox (
  queue text NOT NULL,
  event_id uuid NOT NULL,
  receive_time timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (queue, event_id)
);
CREATE INDEX inbox_receive_time ON platform.inbox USING brin (receive_time);

-- Answers under client-made keys, written with what they answer.
CREATE TABLE platform.idempotency_key (
  scope text NOT NULL,
  key text NOT NULL,
  fingerprint text NOT NULL,
  answer bytea,
  create_time timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (scope, key)
);
CREATE INDEX idempotency_key_create_time ON platform.idempotency_key USING brin (create_time);
