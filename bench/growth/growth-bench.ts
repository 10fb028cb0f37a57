import { setTimeout as sleep } from 'node:timers/promises';
import { startSystem } from '../../supervisor/testing/index.ts';
import { type BenchContext, defineBench } from '../bench.ts';
import { readHouseCommands } from '../system/house-commands.ts';
import { reportMachine, reportPostgres } from '../system/machine.ts';
import { measureMemory } from '../system/parts.ts';
import { makeTempDirectory } from '../system/temp-directory.ts';
import { type DatabaseSizes, measureDatabases } from './database-sizes.ts';
import { growthRates, mibPerHour } from './growth-rate.ts';

const flags = {
  seconds: { kind: 'count', default: 120, min: 10, max: 7_200, help: 'how long the growth is measured' },
  tables: { kind: 'count', default: 12, min: 0, max: 200, help: 'tables to report, the fastest growing first' },
} as const;

const settleMs = 15_000;
// Until then a process still fills its caches, connections and heaps.
const warmUpMs = 600_000;
const bytesPerMib = 1_024 * 1_024;

/** How fast the data folder grows while the house trades, and by how much the memory of all processes after ten minutes. */
export const growthBench = defineBench({
  name: 'growth',
  summary: 'growth of the data folder in MiB an hour, and of memory, while the house trades',
  flags,
  timeLimitMs: 150 * 60_000,
  run: measureGrowth,
});

async function measureGrowth({
  flags: { seconds, tables },
  report,
  signal,
}: BenchContext<typeof flags>): Promise<void> {
  reportMachine(report);
  await using directory = await makeTempDirectory();
  report.progress('starting');
  await using system = await startSystem({ throughNpm: true, dataDirectory: directory.path, signal });
  await reportPostgres(system, report);
  // The house's first orders and the first pages of every table are growth that happens once.
  await sleep(settleMs, undefined, { signal });
  report.progress(`trading for ${seconds} s`);
  const startTimeMs = performance.now();
  const [sizesBefore, commandsBefore] = [await measureDatabases(system), await readHouseCommands(system)];
  const measuredMs = seconds * 1_000;
  const warmMs = Math.min(warmUpMs, measuredMs);
  await sleep(warmMs, undefined, { signal });
  const warmMemory = measureMemory(system.run());
  await sleep(measuredMs - warmMs, undefined, { signal });
  reportMemory(warmMemory, measureMemory(system.run()), report);
  const [sizesAfter, commandsAfter] = [await measureDatabases(system), await readHouseCommands(system)];
  const durationMs = performance.now() - startTimeMs;
  const commands = commandsAfter - commandsBefore;
  report.figure({ metric: 'trading.measured', value: durationMs / 1_000, unit: 's' });
  report.figure({ metric: 'trading.house_commands', value: commands / (durationMs / 1_000), unit: 'commands/s' });
  reportGrowth({ before: sizesBefore, after: sizesAfter, durationMs, commands, tables }, report);
}

type Memory = ReturnType<typeof measureMemory>;

function reportMemory(warm: Memory, after: Memory, report: BenchContext['report']): void {
  const total = (memory: Memory) => [...memory.values()].reduce((sum, mib) => sum + mib, 0);
  const columns = [
    { name: 'warm', unit: 'MiB PSS' },
    { name: 'at the end', unit: 'MiB PSS' },
  ];
  const rows = [...after].map(([name, mib]) => ({ name, values: [warm.get(name) ?? 0, mib] }));
  report.table({ metric: 'memory.parts', columns, rows });
  report.figure({ metric: 'memory.warm', value: total(warm), unit: 'MiB PSS' });
  report.figure({ metric: 'memory.at_the_end', value: total(after), unit: 'MiB PSS' });
  const percent = 100 * (total(after) / total(warm) - 1);
  report.figure({ metric: 'memory.growth', value: percent, unit: '%', against: { what: 'target, at most', value: 5 } });
}

type Growth = { before: DatabaseSizes; after: DatabaseSizes; durationMs: number; commands: number; tables: number };

function reportGrowth({ before, after, durationMs, commands, tables }: Growth, report: BenchContext['report']): void {
  const rate = (metric: string, value: number) => report.figure({ metric, value, unit: 'MiB/h' });
  const total = (sizes: DatabaseSizes) => [...sizes.databases.values()].reduce((sum, bytes) => sum + bytes, 0);
  for (const [name, value] of growthRates(before.databases, after.databases, durationMs))
    rate(`databases.${name}`, value);
  rate('databases.total_without_wal', mibPerHour(total(before), total(after), durationMs));
  const bytesPerCommand = commands === 0 ? 0 : (total(after) - total(before)) / commands;
  report.figure({ metric: 'databases.per_house_command', value: bytesPerCommand, unit: 'bytes' });
  // Its files are reused: what is on the disk stays below max_wal_size, however much is written.
  rate('wal.written', mibPerHour(before.walWritten, after.walWritten, durationMs));
  report.figure({ metric: 'wal.on_disk', value: after.walOnDisk / bytesPerMib, unit: 'MiB' });
  for (const [name, value] of growthRates(before.tables, after.tables, durationMs).slice(0, tables)) {
    rate(`tables.${name}`, value);
  }
}
