-- Corrections of accounts by administrators: who asked for what and why. Written with the entry that books it, and never changed.
CREATE TABLE adjustment (
  adjustment_id uuid PRIMARY KEY,
  account_id uuid NOT NULL,
  asset text NOT NULL,
  -- In the asset's smallest unit; below 0: taken.
  amount bigint NOT NULL CHECK (amount <> 0),
  -- What added shares cost in all.
  cost_micros bigint NOT NULL CHECK (cost_micros >= 0),
  reason text NOT NULL CHECK (reason <> ''),
  -- Of the entry that is corrected; empty: none.
  reference text NOT NULL,
  adjusted_by uuid NOT NULL,
  book_time timestamptz NOT NULL
);
CREATE INDEX adjustment_of_account ON adjustment (account_id, adjustment_id);

-- Each row satisfies the wider rules, as it satisfies the ones before, so the tables need not be read.
ALTER TABLE entry DROP CONSTRAINT entry_kind_check;
ALTER TABLE entry ADD CONSTRAINT entry_kind_check CHECK (kind IN ('trade', 'cash', 'issue', 'adjustment')) NOT VALID;
ALTER TABLE posting DROP CONSTRAINT posting_kind_check;
ALTER TABLE posting ADD CONSTRAINT posting_kind_check
  CHECK (kind IN ('deposit', 'withdrawal', 'issue', 'trade', 'fee', 'adjustment')) NOT VALID;
-- The third account that may fall below 0 is the house's side of corrections.
ALTER TABLE balance DROP CONSTRAINT available_not_negative;
ALTER TABLE balance ADD CONSTRAINT available_not_negative CHECK (
  available >= 0
  OR account_id IN (
    '00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000002', '00000000-0000-0000-0000-000000000004'
  )
) NOT VALID;
