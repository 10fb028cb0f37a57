import type { JWK } from 'jose';
import type { Sql } from '#platform/postgres/database.ts';
import type { ScheduledKey } from '../domain/key-schedule.ts';

/** A signing key as it is stored. */
export type StoredKey = ScheduledKey & { privateJwk: JWK; publicJwk: JWK };

/** Makes all replicas take turns at changing the keys, until the transaction ends. */
export async function lockSigningKeys(tx: Sql): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('user.signing-keys', 0))`);
}

/** All keys that are not forgotten. */
export async function listSigningKeys(sql: Sql): Promise<StoredKey[]> {
  const { rows } = await sql.query<{
    kid: string;
    private_jwk: JWK;
    public_jwk: JWK;
    create_time: Date;
    active_time: Date;
  }>('SELECT kid, private_jwk, public_jwk, create_time, active_time FROM signing_key ORDER BY active_time, kid');
  return rows.map((row) => ({
    kid: row.kid,
    privateJwk: row.private_jwk,
    publicJwk: row.public_jwk,
    createTimeMs: row.create_time.getTime(),
    activeTimeMs: row.active_time.getTime(),
  }));
}

/** Adds a key. */
export async function insertSigningKey(tx: Sql, key: StoredKey): Promise<void> {
  await tx.query(
    'INSERT INTO signing_key (kid, private_jwk, public_jwk, create_time, active_time) VALUES ($1, $2, $3, $4, $5)',
    [key.kid, key.privateJwk, key.publicJwk, new Date(key.createTimeMs), new Date(key.activeTimeMs)],
  );
}

/** Forgets keys. */
export async function deleteSigningKeys(tx: Sql, kids: readonly string[]): Promise<void> {
  await tx.query('DELETE FROM signing_key WHERE kid = ANY ($1)', [kids]);
}
