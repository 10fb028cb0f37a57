import type { Sql } from '#platform/postgres/database.ts';
import type { GuessLimit, GuessState } from '../domain/guess-limit.ts';

type Row = { key_hash: Buffer; short_empty_time: Date; long_empty_time: Date };

const columns = 'key_hash, short_empty_time, long_empty_time';

/** The states of the keys, in their order; undefined for a key without one. */
export async function readGuessStates(sql: Sql, keys: readonly Buffer[]): Promise<(GuessState | undefined)[]> {
  const { rows } = await sql.query<Row>(`SELECT ${columns} FROM guess_limit WHERE key_hash = ANY ($1::bytea[])`, [
    keys,
  ]);
  return keys.map((key) => stateOf(rows, key));
}

/** The same, locked until the transaction ends; a key without a state gets one with empty buckets. */
export async function lockGuessStates(
  tx: Sql,
  keys: readonly Buffer[],
  nowMs: number,
): Promise<(GuessState | undefined)[]> {
  // In the order of the keys, so that two transactions never wait for each other.
  const { rows } = await tx.query<Row>(
    `INSERT INTO guess_limit (${columns})
     SELECT key_hash, $2, $2 FROM unnest($1::bytea[]) AS k (key_hash) ORDER BY key_hash
     ON CONFLICT (key_hash) DO UPDATE SET key_hash = excluded.key_hash
     RETURNING ${columns}`,
    [keys, new Date(nowMs)],
  );
  return keys.map((key) => stateOf(rows, key));
}

/** Replaces the states of locked keys. */
export async function saveGuessStates(tx: Sql, states: readonly { key: Buffer; state: GuessState }[]): Promise<void> {
  await tx.query(
    `UPDATE guess_limit AS g SET short_empty_time = n.short_empty_time, long_empty_time = n.long_empty_time
     FROM unnest($1::bytea[], $2::timestamptz[], $3::timestamptz[]) AS n (${columns})
     WHERE g.key_hash = n.key_hash`,
    [
      states.map(({ key }) => key),
      states.map(({ state }) => new Date(state[0])),
      states.map(({ state }) => new Date(state[1])),
    ],
  );
}

/** Takes one try out of both buckets of a key. */
export async function takeBackTry(sql: Sql, key: Buffer, [short, long]: GuessLimit): Promise<void> {
  await sql.query(
    `UPDATE guess_limit SET
       short_empty_time = short_empty_time - $2 * interval '1 millisecond',
       long_empty_time = long_empty_time - $3 * interval '1 millisecond'
     WHERE key_hash = $1`,
    [key, short.drainMs, long.drainMs],
  );
}

/** Empties the buckets of keys. */
export async function clearGuessStates(sql: Sql, keys: readonly Buffer[]): Promise<void> {
  await sql.query('DELETE FROM guess_limit WHERE key_hash = ANY ($1::bytea[])', [keys]);
}

/** Removes at most `rowsMax` keys whose buckets are empty; how many. */
export async function pruneGuessStates(sql: Sql, nowMs: number, rowsMax: number): Promise<number> {
  const { rowCount } = await sql.query(
    `DELETE FROM guess_limit WHERE key_hash IN (
       SELECT key_hash FROM guess_limit
       WHERE greatest(short_empty_time, long_empty_time) <= $1
       ORDER BY greatest(short_empty_time, long_empty_time) LIMIT $2
       FOR UPDATE SKIP LOCKED)`,
    [new Date(nowMs), rowsMax],
  );
  return rowCount;
}

function stateOf(rows: readonly Row[], key: Buffer): GuessState | undefined {
  const row = rows.find(({ key_hash }) => key_hash.equals(key));
  return row && [row.short_empty_time.getTime(), row.long_empty_time.getTime()];
}
