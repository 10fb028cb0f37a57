import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { alreadyExists } from '#platform/errors/outcry-error.ts';
import type { Sql } from '#platform/postgres/sql.ts';

/** Work that is done once under a client-made key, and how its answer is stored. */
export type IdempotentOptions<T> = {
  /** Operation and owner of the key, e.g. `deposit:<account id>`. */
  scope: string;
  key: string;
  /** The request's fields in normal form (1.0 = 1.00), joined; not its wire bytes. */
  fingerprint: string;
  run: () => Promise<T>;
  encode: (answer: T) => Uint8Array;
  decode: (bytes: Uint8Array) => T;
};

/** How an answer of plain texts and numbers is stored: as JSON. */
export function jsonAnswer<T>(): Pick<IdempotentOptions<T>, 'encode' | 'decode'> {
  return {
    encode: (answer) => Buffer.from(JSON.stringify(answer)),
    decode: (bytes) => JSON.parse(Buffer.from(bytes).toString('utf8')) as T,
  };
}

/**
 * Does `run` at most once for a key and gives the first answer again after that. It belongs into the transaction `tx` of the
 * effect: both commit or neither. A concurrent duplicate waits for the first one's commit. Throws ALREADY_EXISTS with
 * reason KEY_REUSED when the key was used with another fingerprint. An error of `run` is not stored: a business refusal that
 * shall be repeated is returned as part of T.
 */
export async function runIdempotent<T>(tx: Sql, options: IdempotentOptions<T>): Promise<T> {
  const { scope, key, fingerprint, run, encode } = options;
  const claim = await tx.query(
    `INSERT INTO platform.idempotency_key (scope, key, fingerprint) VALUES ($1, $2, $3)
     ON CONFLICT (scope, key) DO NOTHING`,
    [scope, key, fingerprint],
  );
  if (claim.rowCount === 1) {
    const answer = await run();
    await tx.query('UPDATE platform.idempotency_key SET answer = $3 WHERE scope = $1 AND key = $2', [
      scope,
      key,
      encode(answer),
    ]);
    return answer;
  }
  const repeated = await repeatIdempotent(tx, options);
  if (repeated === undefined) throw new Error('the idempotency key vanished between two statements');
  return repeated.answer;
}

/**
 * The answer that a key has already, for a call that would refuse a new request by what is true at the moment; undefined for an unused key.
 * Throws as `runIdempotent` does when the key was used with another fingerprint.
 */
export async function repeatIdempotent<T>(
  sql: Sql,
  { scope, key, fingerprint, decode }: Pick<IdempotentOptions<T>, 'scope' | 'key' | 'fingerprint' | 'decode'>,
): Promise<{ answer: T } | undefined> {
  const stored = await readKeyed(sql, scope, key);
  if (stored === undefined) return undefined;
  if (stored.fingerprint !== fingerprint) {
    throw alreadyExists(ErrorReason.KEY_REUSED, 'the key was used before with another body', { key });
  }
  return { answer: decode(stored.answer) };
}

/** The fingerprint and answer stored under a key; undefined for an unused key. For RPCs that return a key's outcome. */
export async function readKeyed(
  tx: Sql,
  scope: string,
  key: string,
): Promise<{ fingerprint: string; answer: Uint8Array } | undefined> {
  // A statement of its own: in the one that met the conflict, the other transaction's row would be invisible.
  const { rows } = await tx.query<{ fingerprint: string; answer: Buffer | null }>(
    'SELECT fingerprint, answer FROM platform.idempotency_key WHERE scope = $1 AND key = $2',
    [scope, key],
  );
  const row = rows[0];
  return row && { fingerprint: row.fingerprint, answer: row.answer ?? new Uint8Array() };
}
