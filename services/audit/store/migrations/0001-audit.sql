-- Up to where each feed, and each table with blocks, was proved. Moved by compare-and-set in the transaction that stores what was proved.
CREATE TABLE checkpoint (
  name text PRIMARY KEY,
  position bigint NOT NULL,
  detail text NOT NULL
);

-- What follows from all that was proved: open orders, sums of assets, cash and positions. One value a key, as JSON.
CREATE TABLE proved (
  kind text NOT NULL,
  key text COLLATE "C" NOT NULL,
  value text NOT NULL,
  PRIMARY KEY (kind, key)
) WITH (fillfactor = 80);

-- What the final rows of a block were when they were proved: number, exclusive or of their hashes, and each key with its hash.
CREATE TABLE seal (
  place text NOT NULL,
  block text COLLATE "C" NOT NULL,
  part bigint GENERATED ALWAYS AS IDENTITY,
  rows integer NOT NULL,
  digest bigint NOT NULL,
  content text NOT NULL,
  PRIMARY KEY (place, block, part)
);

-- The history of the passes.
CREATE TABLE verdict (
  verdict_id uuid PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('light', 'full')),
  start_time timestamptz NOT NULL,
  duration_ms bigint NOT NULL,
  clean boolean NOT NULL,
  findings_count integer NOT NULL,
  failure text NOT NULL,
  detail jsonb NOT NULL
);
CREATE INDEX verdict_unclean ON verdict (verdict_id) WHERE NOT clean;

CREATE TABLE finding (
  verdict_id uuid NOT NULL REFERENCES verdict ON DELETE CASCADE,
  number integer NOT NULL,
  rule text NOT NULL,
  subject text NOT NULL,
  expected text NOT NULL,
  found text NOT NULL,
  PRIMARY KEY (verdict_id, number)
);
