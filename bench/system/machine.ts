import { availableParallelism, cpus, loadavg } from 'node:os';
import type { RunningSystem } from '../../supervisor/testing/index.ts';
import type { Report } from '../report/report.ts';
import { measureHashSpeed } from './calibration.ts';
import { connectPostgres } from './postgres.ts';

/** What every figure depends on: the machine, and how busy it was before. */
export function reportMachine(report: Report): void {
  report.figure({ metric: 'machine.cores', value: availableParallelism(), unit: 'cores' });
  report.figure({ metric: 'machine.processor', value: cpus()[0]?.model.trim() ?? 'unknown', unit: '' });
  report.figure({ metric: 'machine.node', value: process.version, unit: '' });
  report.figure({ metric: 'machine.load_before', value: loadavg()[0] ?? 0, unit: 'processes' });
  report.figure({ metric: 'machine.sha256', value: measureHashSpeed(), unit: 'MiB/s a core' });
}

const settings = ['server_version', 'fsync', 'synchronous_commit', 'full_page_writes'];

/** The settings of PostgreSQL that decide what a commit costs. */
export async function reportPostgres(system: RunningSystem, report: Report): Promise<void> {
  await using client = await connectPostgres(system, 'postgres');
  for (const name of settings) {
    const [row] = await client.read<Record<string, string>>(`SHOW ${name}`);
    report.figure({ metric: `postgres.${name}`, value: row?.[name] ?? '', unit: '' });
  }
}
