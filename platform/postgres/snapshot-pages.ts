import { TransformStream } from 'node:stream/web';
import type { Database, Sql } from './sql.ts';

/**
 * Pages of one snapshot of the database: `read` gives them one after another, each once the reader has taken the one before. The snapshot
 * ends with `read`, and when the reader leaves. A reader that pauses for more than 30 s loses it. `statementTimeoutMs`: the limit of each
 * statement, in ms; default that of the database.
 */
export async function* snapshotPages<P>(
  db: Database,
  read: (tx: Sql, give: (page: P) => Promise<void>) => Promise<void>,
  { statementTimeoutMs }: { statementTimeoutMs?: number } = {},
): AsyncGenerator<P, void, undefined> {
  const { readable, writable } = new TransformStream<P, P>(undefined, undefined, { highWaterMark: 0 });
  const writer = writable.getWriter();
  const reading = db.transaction((tx) => read(tx, (page) => writer.write(page)), {
    isolation: 'repeatable read',
    attemptsMax: 1,
    ...(statementTimeoutMs !== undefined && { statementTimeoutMs }),
  });
  const finished = reading.then(
    () => writer.close(),
    (error) => writer.abort(error),
  );
  // A reader that leaves early makes the next write fail, which ends the transaction.
  finished.catch(() => {});
  yield* readable;
  await reading;
}
