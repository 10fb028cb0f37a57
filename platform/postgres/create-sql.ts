import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { DatabaseMetrics } from './database-metrics.ts';
import type { QueryResult, Sql } from './sql.ts';

/** Runs a statement on a connection of its choice. */
export type RunQuery = (config: pg.QueryConfig) => Promise<pg.QueryResult>;

/** Statements that `run` carries out, prepared when they have values. Those after the end of a transaction throw. */
export function createSql(run: RunQuery, metrics: DatabaseMetrics, isOpen: () => boolean): Sql {
  return {
    async query<R>(text: string, values?: unknown[]): Promise<QueryResult<R>> {
      if (!isOpen()) throw new Error('this transaction has ended; a statement of it was not awaited');
      const startTimeMs = performance.now();
      try {
        const config: pg.QueryConfig = { text, values };
        if (values !== undefined) config.name = statementName(text);
        const result = await run(config);
        // A text of several statements gives one result for each; the last one counts.
        const last = Array.isArray(result) ? (result.at(-1) as pg.QueryResult) : result;
        return { rows: last.rows as R[], rowCount: last.rowCount ?? 0 };
      } finally {
        metrics.observe((performance.now() - startTimeMs) / 1_000);
      }
    },
  };
}

const statementNames = new Map<string, string>();

function statementName(text: string): string {
  let name = statementNames.get(text);
  if (name === undefined) {
    name = createHash('sha256').update(text).digest('hex').slice(0, 32);
    statementNames.set(text, name);
  }
  return name;
}
