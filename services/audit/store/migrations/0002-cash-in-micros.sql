-- Cash is counted in micros from here on, millionths of the currency, in the stores that are audited: so is what was proved of them. Seals
-- stay: rows are hashed in cents where they are whole cents, as all older ones are.
UPDATE proved SET value = (value::bigint * 10000)::text WHERE kind = 'cash' OR (kind = 'asset' AND key LIKE '%/USD');
UPDATE proved SET value = (
  (value::jsonb - 'costCents' - 'realizedCents') || jsonb_build_object(
    'costMicros', (rtrim(value::jsonb ->> 'costCents', 'n')::bigint * 10000)::text || 'n',
    'realizedMicros', (rtrim(value::jsonb ->> 'realizedCents', 'n')::bigint * 10000)::text || 'n'
  )
)::text
WHERE kind = 'position';
