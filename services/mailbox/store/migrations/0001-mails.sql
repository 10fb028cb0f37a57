-- One row a mail and receiver. The ids (UUID version 7) carry the time at which the mail was received.
CREATE TABLE mail (
  mail_id uuid PRIMARY KEY,
  address text NOT NULL,
  sender text NOT NULL,
  subject text NOT NULL,
  text text NOT NULL,
  message_id text NOT NULL,
  receive_time timestamptz NOT NULL,
  -- A sender who did not hear our answer sends the mail again.
  UNIQUE (address, message_id)
);
CREATE INDEX mail_box ON mail (address, mail_id DESC);
