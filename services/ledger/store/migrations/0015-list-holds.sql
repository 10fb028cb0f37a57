-- Holds of the legs of a list (OCO, OTO, bracket), placed together. The exits of a list share one hold: its amount stands in the row of the
-- first exit that is open, and the other one is open with an amount of 0. All columns are NULL for orders that belong to no list.
ALTER TABLE hold
  ADD COLUMN list_id uuid,
  -- 0: the entry; 1, 2: the exits.
  ADD COLUMN list_role smallint,
  -- Of an exit: lots that the entry has traded and by which the exchange is about to increase it.
  ADD COLUMN coming_lots bigint;

-- The rule before, but for legs. Each row satisfies it, as each satisfies the one before, so the table need not be read.
ALTER TABLE hold DROP CONSTRAINT only_open_holds;
ALTER TABLE hold ADD CONSTRAINT only_open_holds CHECK (
  amount >= 0 AND (amount = 0 OR state = 'open') AND (state <> 'open' OR amount > 0 OR list_role > 0)
) NOT VALID;

CREATE INDEX hold_of_list ON hold (list_id, order_id) WHERE list_id IS NOT NULL;
