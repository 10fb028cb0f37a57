import type { Sql } from './sql.ts';

/** A lease that was got has a token; one that was not may be free after `remainingMs`. */
type Claim = { token?: bigint; remainingMs: number };

/** Which lease to claim, for whom and for how long, in ms; one with the token `replaces` may be taken before its time. */
export type ClaimOptions = { db: Sql; name: string; holder: string; ttlMs: number; replaces?: bigint };

/** Takes the lease if it is over, by the clock of the database or because its row has been the same for `ttlMs`. */
export async function claimLease(options: ClaimOptions, sighting: LeaseSighting): Promise<Claim> {
  const { db, name, holder, ttlMs, replaces = -1n } = options;
  // Read before the claim: a claim locks the row, and waiting processes must not delay the holder's renewals.
  const { rows: current } = await db.query<LeaseRow>(
    `SELECT (extract(epoch FROM expire_time - clock_timestamp()) * 1000)::float8 AS remaining_ms, token, expire_time::text
     FROM platform.lease WHERE name = $1`,
    [name],
  );
  const [row] = current;
  const isSilent = row !== undefined && sighting.silentMs(row) > ttlMs;
  if (row !== undefined && row.remaining_ms >= 0 && row.token !== replaces && !isSilent) {
    return { remainingMs: row.remaining_ms };
  }
  const { rows } = await db.query<{ token: bigint }>(
    `INSERT INTO platform.lease AS lease (name, holder, token, expire_time)
     VALUES ($1, $2, 1, clock_timestamp() + $3 * interval '1 ms')
     ON CONFLICT (name) DO UPDATE
       SET holder = excluded.holder, token = lease.token + 1, expire_time = clock_timestamp() + $3 * interval '1 ms'
       WHERE lease.expire_time < clock_timestamp() OR lease.token = $4
         OR (lease.token = $5 AND lease.expire_time = $6::timestamptz)
     RETURNING token`,
    [name, holder, ttlMs, replaces, isSilent ? row.token : -1n, isSilent ? row.expire_time : null],
  );
  return { token: rows[0]?.token, remainingMs: ttlMs };
}

/** A lease's row as one sees it who waits for the lease. */
type LeaseRow = { remaining_ms: number; token: bigint; expire_time: string };

/**
 * For how long a lease has looked the same, by the clock of this process. A renewal changes the row, and its holder counts from before it
 * asked for it: so once the row has been the same for the time to live, the lease is over for its holder as well.
 */
export class LeaseSighting {
  #row: LeaseRow | undefined;
  #sinceMs = 0;

  /** Takes note of the row, and returns for how many ms it has been the same. */
  silentMs(row: LeaseRow): number {
    const nowMs = performance.now();
    const isSame = this.#row?.token === row.token && this.#row.expire_time === row.expire_time;
    if (!isSame) this.#sinceMs = nowMs;
    this.#row = row;
    return nowMs - this.#sinceMs;
  }
}
