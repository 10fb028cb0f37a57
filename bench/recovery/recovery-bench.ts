import { recover } from '../../services/exchange/index.ts';
import { type BenchContext, defineBench } from '../bench.ts';
import { startPostgres } from '../exchange/exchange-process.ts';
import type { Report } from '../report/report.ts';
import { reportMachine } from '../system/machine.ts';
import { makeTempDirectory } from '../system/temp-directory.ts';
import { makeJournal } from './make-journal.ts';
import { measureSnapshotPause } from './snapshot-pause.ts';

const flags = {
  commands: { kind: 'count', default: 1_000_000, min: 1_000, max: 10_000_000, help: 'commands in the journal' },
  group: { kind: 'count', default: 500, min: 1, max: 1_000, help: 'commands of a group' },
  symbols: { kind: 'count', default: 4, min: 1, max: 100, help: 'books' },
  rounds: { kind: 'count', default: 3, min: 1, max: 20, help: 'recoveries, each from the start of the journal' },
  remembered: {
    kind: 'count',
    default: 2_000_000,
    min: 1_000,
    max: 20_000_000,
    help: 'final orders and commands of a snapshot',
  },
  seed: { kind: 'count', default: 1, min: 0, max: 1_000_000, help: 'seed of the orders' },
} as const;

const targetPerSecond = 1_000_000;

/** How fast the exchange replays its journal: reading, checking and comparing included. */
export const recoveryBench = defineBench({
  name: 'recovery',
  summary: 'commands per second of a recovery of the exchange, which replays its journal from PostgreSQL',
  flags,
  timeLimitMs: 10 * 60_000,
  run: measureRecovery,
});

async function measureRecovery({ flags: values, report, signal }: BenchContext<typeof flags>): Promise<void> {
  reportMachine(report);
  await reportSnapshotPause(values.remembered, report, signal);
  await using directory = await makeTempDirectory();
  await using postgres = await startPostgres(directory.path);
  const { commands, group: groupCommands, symbols, seed, rounds } = values;
  report.progress(`making a journal of ${commands} commands`);
  const url = postgres.urlFor('exchange');
  const made = await makeJournal(url, { commands, groupCommands, symbols, seed }, signal);
  await using db = made.db;
  report.figure({ metric: 'journal.commands', value: commands, unit: 'commands' });
  report.figure({ metric: 'journal.events', value: made.events, unit: 'events' });
  report.figure({ metric: 'journal.event_bytes', value: made.eventBytes / commands, unit: 'bytes a command' });
  const rates: number[] = [];
  const processorUs: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    const startUsage = process.cpuUsage();
    const startTimeMs = performance.now();
    const { engine, commandCount } = await recover(db, 0, { from: 'journal', signal });
    const durationMs = performance.now() - startTimeMs;
    const { user, system } = process.cpuUsage(startUsage);
    if (engine.stateHash() !== made.stateHash) throw new Error('the recovery led to another state');
    rates.push((1_000 * commandCount) / durationMs);
    processorUs.push((user + system) / commandCount);
    report.progress(`round ${round}: ${Math.round(rates.at(-1) ?? 0)} commands/s`);
  }
  const against = { what: 'target, at least', value: targetPerSecond };
  report.figure({ metric: 'recovery.best', value: Math.max(...rates), unit: 'commands/s', against });
  report.figure({ metric: 'recovery.worst', value: Math.min(...rates), unit: 'commands/s' });
  report.figure({ metric: 'recovery.processor', value: Math.min(...processorUs), unit: 'us a command, the best' });
}

async function reportSnapshotPause(count: number, report: Report, signal: AbortSignal): Promise<void> {
  report.progress(`taking a snapshot of ${count} orders and commands`);
  const { remembered, captureMs, longestTurnMs, encodeMs } = await measureSnapshotPause(count, signal);
  report.figure({ metric: 'snapshot.remembered', value: remembered, unit: 'orders and commands' });
  report.figure({ metric: 'snapshot.pause', value: captureMs, unit: 'ms' });
  report.figure({ metric: 'snapshot.longest_turn', value: longestTurnMs, unit: 'ms' });
  report.figure({ metric: 'snapshot.encoding', value: encodeMs, unit: 'ms' });
}
