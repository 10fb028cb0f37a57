/** The house alone, as `npm start` sets it: processor time, memory and time to ready. */
import { setTimeout as sleep } from 'node:timers/promises';
import { startSystem } from '../../supervisor/testing/index.ts';
import type { Report } from '../report/report.ts';
import { requireCleanAudit } from '../system/administrator.ts';
import { measureCores } from '../system/cores.ts';
import { readHouseCommands } from '../system/house-commands.ts';
import { measureMemory, partsOf } from '../system/parts.ts';
import { makeTempDirectory } from '../system/temp-directory.ts';

const targets = { cores: 0.2, memoryMib: 700, readySeconds: 4 };
const phase = 'house';
// The first orders of the house, and the compiler, take more than trading does.
const settleMs = 10_000;

/** Starts a system of its own, a second time on the same folder, and measures it while only the house trades. */
export async function measureHouse({
  report,
  signal,
  seconds,
}: {
  report: Report;
  signal: AbortSignal;
  seconds: number;
}): Promise<void> {
  await using directory = await makeTempDirectory();
  const start = () => startSystem({ dataDirectory: directory.path, signal });
  report.progress(`${phase}: first start`);
  await (await start()).stop();
  await using system = await start();
  const figure = (metric: string, value: number, unit: string, target?: number) =>
    report.figure({
      metric: `${phase}.${metric}`,
      value,
      unit,
      ...(target !== undefined && { against: { what: 'target, at most', value: target } }),
    });
  figure('ready_again', system.readyMs / 1_000, 's', targets.readySeconds);
  report.progress(`${phase}: trading for ${seconds} s`);
  await sleep(settleMs, undefined, { signal });
  const before = await readHouseCommands(system);
  const cores = await measureCores(
    () => partsOf(system.run()),
    () => sleep(seconds * 1_000, undefined, { signal }),
  );
  figure('commands', ((await readHouseCommands(system)) - before) / seconds, 'commands/s');
  const memory = measureMemory(system.run());
  const rows = [...cores.parts].map(([name, value]) => ({ name, values: [value, memory.get(name) ?? 0] }));
  const columns = [
    { name: 'cores', unit: 'cores' },
    { name: 'memory', unit: 'MiB PSS' },
  ];
  report.table({ metric: `${phase}.parts`, columns, rows });
  figure('cores', cores.system, 'cores', targets.cores);
  figure('cores_others', cores.others, 'cores');
  const total = [...memory.values()].reduce((sum, mib) => sum + mib, 0);
  figure('memory', total, 'MiB PSS', targets.memoryMib);
  await requireCleanAudit(system, report);
}
