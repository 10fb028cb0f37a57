/** One replica after another from one release to another, under traffic. */
import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '../../bench/load/index.ts';
import type { FaultRecord } from '../chaos/faults/run-faults.ts';
import { victimOf } from '../chaos/faults/victims.ts';
import type { ChaosSystem } from '../chaos/system/chaos-system.ts';

/** How releases change. */
export type ReleaseChanges = {
  target: ChaosSystem;
  /** File that names the checkout of each replica: see test/chaos/system/releases.ts. */
  releasesPath: string;
  /** The checkouts that all replicas go to, one after another. */
  checkouts: readonly string[];
  /** For how long all of them run from one checkout, in ms. */
  stayMs: number;
  /** Replicas change in an order of this seed, another one each time. */
  seed: number;
  signal: AbortSignal;
  onChange: (record: FaultRecord, checkout: string) => void;
};

/** Carries all changes out. Each is recorded as a restart; one whose replica did not come back within a minute has the failure. */
export async function changeReleases(changes: ReleaseChanges): Promise<FaultRecord[]> {
  const { checkouts, target, releasesPath, seed, stayMs, signal, onChange } = changes;
  const startTimeMs = performance.now();
  const replicas = target.system.run().processes.map(({ name, replica }) => `${name}-${replica}`);
  const releases = JSON.parse(await readFile(releasesPath, 'utf8')) as Record<string, string>;
  const random = createRandom(seed);
  const records: FaultRecord[] = [];
  await sleep(stayMs, undefined, { signal });
  for (const checkout of checkouts) {
    for (const name of inOrderOf(random.next, replicas)) {
      signal.throwIfAborted();
      releases[name] = checkout;
      await writeFile(releasesPath, JSON.stringify(releases));
      const record = await restart(target, name, startTimeMs);
      records.push(record);
      onChange(record, checkout);
    }
    await sleep(stayMs, undefined, { signal });
  }
  return records;
}

async function restart(target: ChaosSystem, name: string, runStartMs: number): Promise<FaultRecord> {
  const startTimeMs = performance.now();
  const planned = {
    atMs: startTimeMs - runStartMs,
    kind: 'restart',
    victim: name,
    durationMs: 0,
    amountMs: 0,
  } as const;
  let failure: string | undefined;
  try {
    const victim = victimOf(target, name);
    await victim.end('SIGTERM');
    await victim.untilReady();
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  }
  return { ...planned, startTimeMs, endTimeMs: performance.now(), failure };
}

function inOrderOf(next: () => number, names: readonly string[]): string[] {
  return names
    .map((name) => ({ name, place: next() }))
    .sort((a, b) => a.place - b.place)
    .map(({ name }) => name);
}
