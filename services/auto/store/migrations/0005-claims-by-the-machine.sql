-- When work is due is a time of the market; how long a claim lasts, and how long a failed attempt waits, is of the machine. With both in one
-- column, what a killed replica had claimed was stuck for as long as the market's clock stood still. claimed_until is of the machine's clock.
ALTER TABLE run ADD COLUMN claimed_until timestamptz NOT NULL DEFAULT '-infinity';
ALTER TABLE slice ADD COLUMN claimed_until timestamptz NOT NULL DEFAULT '-infinity';
ALTER TABLE rule ADD COLUMN claimed_until timestamptz NOT NULL DEFAULT '-infinity';
