/** A database whose process dies at a point that the test chooses. */
import type { Database, Sql } from '#platform/postgres/sql.ts';

/** The process is gone: nothing after the point has happened. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

/**
 * Counts points before each statement, after each statement and after each commit, and dies at the one numbered `point`, from 0. After
 * it, every further use dies too. `crashed` says whether the point was reached.
 */
export function crashingAt(db: Database, point: number): Database & { crashed(): boolean } {
  let passed = 0;
  const pass = () => {
    if (passed >= point) {
      passed = Number.POSITIVE_INFINITY;
      throw new Crash('the process died');
    }
    passed += 1;
  };
  const dying = (sql: Sql): Sql => ({
    async query(text, values) {
      pass();
      const result = await sql.query<never>(text, values);
      pass();
      return result;
    },
  });
  return {
    ...db,
    ...dying(db),
    crashed: () => passed === Number.POSITIVE_INFINITY,
    async transaction(work, options) {
      const result = await db.transaction((tx) => work(dying(tx)), options);
      pass();
      return result;
    },
  };
}
