import type { Used } from './resources.ts';

const kibibyte = 1_024;

/** A table: what 1,000 commands cost each part, dearest first, and the memory that it had. */
export function describeCost(used: ReadonlyMap<string, Used>, commands: number): string {
  const share = (value: number) => (value * 1_000) / Math.max(1, commands);
  const parts = [...used].sort(([, one], [, other]) => other.cpuSeconds - one.cpuSeconds);
  const all = [...used.values()];
  const total = (of: (part: Used) => number) => all.reduce((sum, part) => sum + of(part), 0);
  const sum: Used = {
    cpuSeconds: total((part) => part.cpuSeconds),
    memoryMib: total((part) => part.memoryMib),
    diskBytes: total((part) => part.diskBytes),
    trafficBytes: total((part) => part.trafficBytes),
  };
  const rows = [...parts, ['all', sum] as const].map(([name, part]) => [
    name,
    `${(share(part.cpuSeconds) * 1_000).toFixed(0)} ms`,
    `${part.memoryMib.toFixed(0)} MiB`,
    `${(share(part.diskBytes) / kibibyte).toFixed(0)} KiB`,
    `${(share(part.trafficBytes) / kibibyte).toFixed(0)} KiB`,
  ]);
  const heading = ['of 1,000 commands', 'processor', 'memory', 'disk', 'traffic'];
  return [heading, ...rows]
    .map(([name = '', ...cells]) => `${name.padEnd(20)}${cells.map((cell) => cell.padStart(12)).join('')}`)
    .join('\n');
}
