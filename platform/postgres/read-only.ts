import { refusedAsCopy } from '#platform/errors/mirrored.ts';
import { isReadOnlyServer } from './failures.ts';
import type { Sql } from './sql.ts';

/** The statements of a transaction that may only read, for a copy of a call: one that writes is refused as such, not as by a server that was demoted. */
export function readOnlyForCopy(sql: Sql): Sql {
  return {
    query: <R>(text: string, values?: unknown[]) =>
      sql.query<R>(text, values).catch((error: unknown) => {
        throw isReadOnlyServer(error) ? refusedAsCopy() : error;
      }),
  };
}
