// `npm run feeds`: shows how far each consumer of a feed has come, and lifts a halt. Exit code 0 when none is halted (or the halt is
// lifted), 1 when one is, 2 for a wrong command line.
//
//   --resume SERVICE/FEED   lifts the halt of a consumer: `order/exchange.0`
//   --after SEQUENCE        with --resume: takes the history that the feed has now for its own, and goes on after this sequence of it
//   --data DIR              data folder of the running system (default .outcry); DATABASE_URL and DATABASE_URL_<SERVICE> are used instead
import { parseArgs } from 'node:util';
import { listConsumers, resumeFeed } from '#platform/feed/resume-feed.ts';
import { openDatabase } from '#platform/postgres/database.ts';
import type { Database } from '#platform/postgres/sql.ts';
import { createLogger } from '#platform/telemetry/logger.ts';
import { type DatabaseTarget, findDatabaseTargets } from '../../supervisor/index.ts';
import { describeConsumers, type ResumeCommand, readCommand } from './command.ts';

const logger = createLogger({ service: 'feeds', level: 'error' });

async function withDatabase<T>({ url }: DatabaseTarget, work: (db: Database) => Promise<T>): Promise<T> {
  await using db = openDatabase({ url, applicationName: 'feeds', poolMax: 1, logger });
  return await work(db);
}

async function list(targets: DatabaseTarget[]): Promise<number> {
  let isHalted = false;
  for (const target of targets) {
    const consumers = await withDatabase(target, listConsumers);
    isHalted ||= consumers.some(({ halt }) => halt !== undefined);
    for (const line of describeConsumers(target.service, consumers)) console.log(line);
  }
  return isHalted ? 1 : 0;
}

async function resume(targets: DatabaseTarget[], { service, feed, adoptAfter }: ResumeCommand): Promise<number> {
  const target = targets.find((one) => one.service === service);
  if (target === undefined) throw new Error(`${service} is no service with a database`);
  const isResumed = await withDatabase(target, (db) => resumeFeed(db, feed, adoptAfter));
  console.log(isResumed ? `${service}/${feed} goes on` : `${service}/${feed} is not halted`);
  return isResumed ? 0 : 1;
}

try {
  const { values } = parseArgs({
    options: { data: { type: 'string' }, resume: { type: 'string' }, after: { type: 'string' } },
  });
  const command = readCommand(values);
  const targets = findDatabaseTargets(values);
  process.exitCode = await (command === undefined ? list(targets) : resume(targets, command));
} catch (error) {
  console.error(`feeds: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = error instanceof TypeError ? 2 : 1;
}
