import { timeoutSignal } from '#platform/time/within.ts';
import type { RunningSystem } from '../../supervisor/testing/index.ts';

const timeoutMs = 5_000;

/** Number of successful commands of the house traders so far, from the simulator's metrics. */
export async function readHouseCommands(system: RunningSystem): Promise<number> {
  const simulators = system.run().processes.filter(({ name }) => name === 'simulator');
  const counts = await Promise.all(simulators.map(({ adminPort }) => readCount(adminPort)));
  return counts.reduce((total, count) => total + count, 0);
}

async function readCount(adminPort: number): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${adminPort}/metrics`, { signal: timeoutSignal(timeoutMs) });
  return sumSeries(await response.text(), 'outcry_simulator_commands_total', 'outcome="OK"');
}

/** The sum of all series of a metric whose labels contain `label`, in Prometheus' text format. */
export function sumSeries(text: string, metric: string, label: string): number {
  return text
    .split('\n')
    .filter((line) => line.startsWith(`${metric}{`) && line.includes(label))
    .reduce((total, line) => total + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
