import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type RunningSystem, startSystem } from '../../supervisor/testing/index.ts';
import { type BenchContext, defineBench } from '../bench.ts';
import { readHouseCommands } from '../system/house-commands.ts';
import { reportMachine } from '../system/machine.ts';
import { measureMemory } from '../system/parts.ts';
import { requireProc } from '../system/processes.ts';
import { makeTempDirectory } from '../system/temp-directory.ts';

const flags = {
  checkout: { kind: 'text', default: '', help: 'another checkout, with its dependencies installed' },
  seconds: { kind: 'count', default: 15, min: 1, max: 600, help: 'trading before the memory is measured' },
} as const;

const readyMaxSeconds = 10;
const memoryMaxMib = 1_024;

/** How long a start takes, and how much memory the trading system has. */
export const startBench = defineBench({
  name: 'start',
  summary:
    'time from `npm start` to ready, on a fresh data folder and again; memory of each process while the house trades',
  flags,
  timeLimitMs: 15 * 60_000,
  run: measureStarts,
});

async function measureStarts({ flags: { checkout, seconds }, report, signal }: BenchContext<typeof flags>) {
  requireProc();
  reportMachine(report);
  await using directory = await makeTempDirectory();
  const start = () =>
    startSystem({
      throughNpm: true,
      checkout: checkout === '' ? undefined : resolve(checkout),
      dataDirectory: directory.path,
      signal,
    });
  {
    report.progress('starting on a fresh data folder');
    await using system = await start();
    reportReady(system, 'fresh', report);
    report.progress(`trading for ${seconds} s`);
    await trade(system, seconds, report, signal);
    reportMemory(system, report);
    report.progress('stopping');
  }
  report.progress('starting again');
  await using system = await start();
  reportReady(system, 'again', report);
}

type Report = BenchContext['report'];

function reportReady({ readyMs, run }: RunningSystem, phase: string, report: Report): void {
  const against = { what: 'target, at most', value: readyMaxSeconds };
  report.figure({ metric: `${phase}.ready`, value: readyMs / 1_000, unit: 's', against });
  // What the supervisor says itself: without npm, and without the start of Node.
  report.figure({ metric: `${phase}.ready_of_supervisor`, value: (run().readyAfterMs ?? 0) / 1_000, unit: 's' });
}

async function trade(system: RunningSystem, seconds: number, report: Report, signal: AbortSignal): Promise<void> {
  const before = await readHouseCommands(system);
  await sleep(seconds * 1_000, undefined, { signal });
  const perSecond = ((await readHouseCommands(system)) - before) / seconds;
  report.figure({ metric: 'trading.house_commands', value: perSecond, unit: 'commands/s' });
  if (perSecond === 0) throw new Error('the house traders do not trade: the memory of an idle system says nothing');
}

function reportMemory(system: RunningSystem, report: Report): void {
  const parts = measureMemory(system.run());
  for (const [name, mib] of parts) report.figure({ metric: `memory.${name}`, value: mib, unit: 'MiB PSS' });
  const total = [...parts.values()].reduce((sum, mib) => sum + mib, 0);
  const against = { what: 'target, below', value: memoryMaxMib };
  report.figure({ metric: 'memory.total', value: total, unit: 'MiB PSS', against });
}
