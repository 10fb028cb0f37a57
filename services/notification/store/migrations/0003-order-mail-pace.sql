-- When the next mail about orders may go to a person: a fact that comes earlier waits until then, and goes together with the others that
-- wait. Its row is written once a mail, in place.
CREATE TABLE order_mail_pace (
  account_id uuid PRIMARY KEY,
  next_time timestamptz NOT NULL
) WITH (fillfactor = 50);

-- What waits for the next mail of a person.
CREATE INDEX delivery_waiting_orders ON delivery (account_id) WHERE state = 'waiting' AND order_id IS NOT NULL;
