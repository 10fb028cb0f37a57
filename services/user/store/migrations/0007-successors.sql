-- From it and the token follows the token that came after it, so that a repeat of a renewal whose answer was lost gets the same one.
-- It is removed when a repeat is refused: nothing that is stored leads from a used token to its successor then.
ALTER TABLE refresh_token ADD COLUMN successor_salt bytea;
