import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findDatabaseTargets, isRunning, type RunFile, readRunFile } from '../../supervisor/index.ts';
import { judgeDatabases } from './databases.ts';
import { judgeDeadLetters } from './dead-letters.ts';
import type { Finding } from './finding.ts';
import { judgeInstallation } from './installation.ts';
import { judgeMetrics } from './judge-metrics.ts';
import { judgeProcesses } from './processes.ts';
import { scrapeAll } from './scrape.ts';

/** What to examine. */
export type ExamineOptions = {
  /** The data folder. */
  data: string;
  /** Whether a system should run there: when none does, that is a finding. */
  expectsSystem: boolean;
  /** Time between the two looks at the metrics, in ms; default 3,000. */
  lookMs?: number;
};

const defaultLookMs = 3_000;

/** Looks at the installation and at the system that runs on the data folder, for about `lookMs` and never over 20 s. Changes nothing. */
export async function examine({ data, expectsSystem, lookMs = defaultLookMs }: ExamineOptions): Promise<Finding[]> {
  const dataDirectory = resolve(data);
  const file = readRunFile(dataDirectory);
  const run = file !== undefined && isRunning(file.supervisor) ? file : undefined;
  const findings = await judgeInstallation(dataDirectory, run);
  if (run !== undefined) return [...findings, ...(await judgeSystem(dataDirectory, run, lookMs))];
  if (!expectsSystem) return findings;
  return [...findings, { code: 'system-down', subject: dataDirectory, detail: 'nothing runs there' }];
}

async function judgeSystem(dataDirectory: string, run: RunFile, lookMs: number): Promise<Finding[]> {
  const before = scrapeAll(run.processes);
  const looks = [judgeProcesses(run), judgeTargets(dataDirectory, run), judgeDeadLetters(dataDirectory)];
  await sleep(lookMs);
  const after = await scrapeAll(run.processes);
  const metrics = judgeMetrics(await before, after, Date.now());
  return [...(await Promise.all(looks)).flat(), ...metrics];
}

async function judgeTargets(data: string, { replicas }: RunFile): Promise<Finding[]> {
  try {
    // A service that was left out of this start may have no database.
    return await judgeDatabases(findDatabaseTargets({ data }).filter(({ service }) => (replicas[service] ?? 0) > 0));
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return [{ code: 'database-away', subject: 'PostgreSQL', detail }];
  }
}
