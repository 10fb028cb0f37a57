-- Ed25519 keys that sign access tokens. The private part never leaves this database but into the processes of this service.
CREATE TABLE signing_key (
  kid text PRIMARY KEY,
  private_jwk jsonb NOT NULL,
  public_jwk jsonb NOT NULL,
  create_time timestamptz NOT NULL,
  active_time timestamptz NOT NULL
);
