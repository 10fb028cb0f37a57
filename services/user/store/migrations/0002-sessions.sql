CREATE TABLE session (
  session_id uuid PRIMARY KEY,
  account_id uuid NOT NULL REFERENCES account,
  create_time timestamptz NOT NULL DEFAULT now(),
  expire_time timestamptz NOT NULL,
  end_time timestamptz
);
CREATE INDEX session_live ON session (account_id) WHERE end_time IS NULL;
CREATE INDEX session_expiry ON session (expire_time);

-- Every refresh token of a session, by the SHA-256 of it. Used ones stay until they expire: a second use tells of a theft.
CREATE TABLE refresh_token (
  token_hash bytea PRIMARY KEY,
  session_id uuid NOT NULL REFERENCES session ON DELETE CASCADE,
  expire_time timestamptz NOT NULL,
  use_time timestamptz
);
CREATE INDEX refresh_token_session ON refresh_token (session_id);
CREATE INDEX refresh_token_expiry ON refresh_token (expire_time);

-- Wrong passwords by the SHA-256 of the address, whether or not somebody has it.
CREATE TABLE login_failure (
  email_hash bytea PRIMARY KEY,
  failure_count integer NOT NULL,
  window_start_time timestamptz NOT NULL
);
CREATE INDEX login_failure_window ON login_failure (window_start_time);
