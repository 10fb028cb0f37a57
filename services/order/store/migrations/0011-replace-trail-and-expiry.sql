-- What a change names of the terms that only some kinds of order have, but for the stop price: trail and expiry, as in special_terms; null: none.
ALTER TABLE orders ADD COLUMN replace_specials jsonb;
ALTER TABLE replaces ADD COLUMN specials jsonb;
