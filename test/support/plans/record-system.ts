/** Runs a system whose PostgreSQL records every statement, and uses all of it. */
import { configurePostgres } from '../../../bench/orders/index.ts';
import { startSystem } from '../../../supervisor/testing/index.ts';
import { exerciseSystem } from './exercise-system.ts';
import { type RecordedStatement, readRecordedStatements, recordingSettings } from './recorded-statements.ts';

/** The statements by database, such as `outcry_order`; the data folder, which must be empty, has the databases when it resolves. */
export async function recordSystem(dataDirectory: string): Promise<Map<string, RecordedStatement[]>> {
  await configurePostgres(dataDirectory, recordingSettings);
  const system = await startSystem({ dataDirectory });
  try {
    await exerciseSystem(system);
  } finally {
    await system.stop();
  }
  return Map.groupBy(readRecordedStatements(dataDirectory), ({ database }) => database);
}
