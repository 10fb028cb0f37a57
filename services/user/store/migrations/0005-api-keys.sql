-- API keys, each by the SHA-256 of its secret. repeat_salt is what the secret is derived from, with a secret of the service that is not in
-- this database, while a repeat of the call that made the key is answered by it; after that no one can derive it any more.
CREATE TABLE api_key (
  key_id uuid PRIMARY KEY,
  account_id uuid NOT NULL REFERENCES account,
  prefix text NOT NULL UNIQUE,
  secret_hash bytea NOT NULL,
  repeat_salt bytea,
  name text NOT NULL,
  scopes text[] NOT NULL CHECK (cardinality(scopes) > 0),
  allowed_networks text[] NOT NULL,
  calls_per_second_max integer NOT NULL CHECK (calls_per_second_max >= 0),
  create_time timestamptz NOT NULL,
  expire_time timestamptz,
  revoke_time timestamptz,
  last_use_time timestamptz,
  last_use_address text
);
CREATE UNIQUE INDEX api_key_name ON api_key (account_id, name) WHERE revoke_time IS NULL;
CREATE INDEX api_key_account ON api_key (account_id, key_id);
CREATE INDEX api_key_salt ON api_key (create_time) WHERE repeat_salt IS NOT NULL;
CREATE INDEX api_key_end ON api_key (least(revoke_time, expire_time));
