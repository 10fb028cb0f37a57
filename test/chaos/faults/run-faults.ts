/** Carries out a schedule: faults of one victim one after another, those of different victims side by side. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { PlannedFault } from '../schedule/faults.ts';
import type { ChaosSystem } from '../system/chaos-system.ts';
import { redeliverEvents } from './redeliver.ts';
import { type Victim, victimOf } from './victims.ts';

/** A fault as it happened. */
export type FaultRecord = PlannedFault & {
  /** By `performance.now()`. */
  startTimeMs: number;
  endTimeMs: number;
  /** Why it could not happen; undefined when it did. */
  failure: string | undefined;
};

/** What carries out faults beside the system. */
export type FaultOptions = {
  signal: AbortSignal;
  onFault: (record: FaultRecord) => void;
};

/** Resolves once every fault has ended. Never rejects for a fault that failed: its record has the failure. */
export async function runFaults(
  target: ChaosSystem,
  plan: readonly PlannedFault[],
  { signal, onFault }: FaultOptions,
): Promise<FaultRecord[]> {
  const startTimeMs = performance.now();
  const records: FaultRecord[] = [];
  const lastOf = new Map<string, Promise<void>>();
  const run = async (fault: PlannedFault, before: Promise<void> | undefined) => {
    await before;
    const record = await carryOut(target, fault, signal);
    records.push(record);
    onFault(record);
  };
  for (const fault of plan) {
    await sleep(Math.max(0, startTimeMs + fault.atMs - performance.now()), undefined, { signal });
    lastOf.set(fault.victim, run(fault, lastOf.get(fault.victim)));
  }
  await Promise.all(lastOf.values());
  return records;
}

async function carryOut(target: ChaosSystem, fault: PlannedFault, signal: AbortSignal): Promise<FaultRecord> {
  let startTimeMs = performance.now();
  let failure: string | undefined;
  try {
    if (isOfProcess(fault)) {
      const victim = victimOf(target, fault.victim);
      await victim.untilReady();
      startTimeMs = performance.now();
      await hit(victim, fault, target, signal);
    } else {
      await disturb(target, fault, signal);
    }
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  }
  return { ...fault, startTimeMs, endTimeMs: performance.now(), failure };
}

function isOfProcess({ kind }: PlannedFault): boolean {
  return kind === 'kill' || kind === 'restart' || kind === 'freeze' || kind === 'clock';
}

async function hit(victim: Victim, fault: PlannedFault, target: ChaosSystem, signal: AbortSignal): Promise<void> {
  switch (fault.kind) {
    case 'kill':
      return victim.end('SIGKILL');
    case 'restart':
      return victim.end('SIGTERM');
    case 'freeze': {
      const thaw = victim.freeze();
      await sleep(fault.durationMs, undefined, { signal }).finally(thaw);
      return;
    }
    default:
      await target.control.send(fault.victim, { clockAheadMs: fault.amountMs });
      await sleep(fault.durationMs, undefined, { signal }).finally(() =>
        // A process that was started again meanwhile has the right clock.
        target.control.send(fault.victim, { clockAheadMs: 0 }).catch(() => {}),
      );
  }
}

async function disturb(target: ChaosSystem, fault: PlannedFault, signal: AbortSignal): Promise<void> {
  const wait = () => sleep(fault.durationMs, undefined, { signal });
  if (fault.kind === 'redeliver') return redeliverEvents(target.system);
  if (fault.kind === 'full') {
    if (target.disk === undefined) throw new Error('the disk cannot be filled here');
    await target.disk.fill();
    return wait().finally(() => target.disk?.empty());
  }
  const proxy = target.links.proxies.get(fault.victim);
  if (proxy === undefined) throw new Error(`no proxy is called ${fault.victim}`);
  switch (fault.kind) {
    case 'stall':
      proxy.freezeAll();
      return wait().finally(() => proxy.thaw());
    case 'delay':
      proxy.delay(fault.amountMs);
      return wait().finally(() => proxy.delay(0));
    case 'abandon':
      return proxy.drop();
    default:
      return proxy.reset();
  }
}
