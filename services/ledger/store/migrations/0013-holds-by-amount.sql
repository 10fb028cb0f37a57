-- What a buy by amount may take in all, in micros, fee included: its hold is this less what it has paid. Null: the hold follows from lots and price.
ALTER TABLE hold ADD COLUMN amount_max_micros bigint;
