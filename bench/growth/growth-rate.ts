const bytesPerMib = 1_024 * 1_024;
const msPerHour = 3_600_000;

/** Growth from one size in bytes to another over a time, in MiB an hour. */
export function mibPerHour(beforeBytes: number, afterBytes: number, durationMs: number): number {
  return ((afterBytes - beforeBytes) / bytesPerMib) * (msPerHour / durationMs);
}

/** Growth of everything that exists at the end, in MiB an hour, the fastest growing first. */
export function growthRates(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
  durationMs: number,
): [name: string, mibPerHour: number][] {
  return [...after]
    .map(([name, bytes]): [string, number] => [name, mibPerHour(before.get(name) ?? 0, bytes, durationMs)])
    .sort(([, a], [, b]) => b - a);
}
