import { setTimeout as sleep } from 'node:timers/promises';
import { startSystem } from '../../supervisor/testing/index.ts';
import { type BenchContext, defineBench } from '../bench.ts';
import { requireCleanAudit } from '../system/administrator.ts';
import { measureCores } from '../system/cores.ts';
import { readHouseCommands } from '../system/house-commands.ts';
import { reportMachine } from '../system/machine.ts';
import { partsOf } from '../system/parts.ts';
import { requireProc } from '../system/processes.ts';
import { makeTempDirectory } from '../system/temp-directory.ts';

const flags = {
  seconds: { kind: 'count', default: 30, min: 1, max: 3_600, help: 'how long it is measured' },
} as const;

const settleMs = 10_000;

/** What the system costs while nobody but the house uses it. */
export const tradingBench = defineBench({
  name: 'trading',
  summary: 'processor time of each process while only the house trades',
  flags,
  timeLimitMs: 75 * 60_000,
  run: measureTrading,
});

async function measureTrading({ flags: { seconds }, report, signal }: BenchContext<typeof flags>): Promise<void> {
  requireProc();
  reportMachine(report);
  await using directory = await makeTempDirectory();
  report.progress('starting');
  await using system = await startSystem({ throughNpm: true, dataDirectory: directory.path, signal });
  // Starting costs more than trading does.
  await sleep(settleMs, undefined, { signal });
  report.progress(`trading for ${seconds} s`);
  const commandsBefore = await readHouseCommands(system);
  const cores = await measureCores(
    () => partsOf(system.run()),
    () => sleep(seconds * 1_000, undefined, { signal }),
  );
  const perSecond = ((await readHouseCommands(system)) - commandsBefore) / (cores.durationMs / 1_000);
  report.figure({ metric: 'trading.house_commands', value: perSecond, unit: 'commands/s' });
  for (const [name, value] of cores.parts) report.figure({ metric: `processor.${name}`, value, unit: 'cores' });
  report.figure({ metric: 'processor.total', value: cores.system, unit: 'cores' });
  report.figure({ metric: 'processor.others', value: cores.others, unit: 'cores' });
  await requireCleanAudit(system, report);
}
