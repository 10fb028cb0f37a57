-- login_failure, which counted by e-mail address alone, is not used from here on. It stays for the replicas of the release before, which
-- run on while this one is rolled out; a later release drops it.

-- How fast passwords are guessed under one key: the SHA-256 of an e-mail and a network address, a network address or a session. Each time
-- is when one of the two leaky buckets of the key will be empty; a row whose times have passed means nothing.
CREATE TABLE guess_limit (
  key_hash bytea PRIMARY KEY,
  short_empty_time timestamptz NOT NULL,
  long_empty_time timestamptz NOT NULL
);
CREATE INDEX guess_limit_expiry ON guess_limit (greatest(short_empty_time, long_empty_time));

-- Wrong passwords by the SHA-256 of the e-mail address since the owner was last notified. Addresses that no account has are counted
-- too, so that the work for them is the same; their account_id is null.
CREATE TABLE wrong_password (
  email_hash bytea PRIMARY KEY,
  account_id uuid,
  wrong_count integer NOT NULL,
  first_time timestamptz NOT NULL,
  last_time timestamptz NOT NULL,
  report_time timestamptz
);
CREATE INDEX wrong_password_last_time ON wrong_password (last_time);
CREATE INDEX wrong_password_count ON wrong_password (wrong_count) WHERE account_id IS NOT NULL;
