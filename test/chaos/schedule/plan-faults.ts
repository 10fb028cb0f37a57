import { createRandom, type Random } from '../../../bench/load/index.ts';
import type { FaultKind, PlannedFault, Victims } from './faults.ts';

/** How much goes wrong, and for how long. */
export type PlanOptions = {
  seed: number;
  /** Kills of processes, dealt evenly; as many freezes, and a share of everything else. */
  kills: number;
  durationMs: number;
  victims: Victims;
};

type Draft = Omit<PlannedFault, 'atMs'>;

/** Kills, and freezes, of a server of others: as many, or one for so many kills. */
const serverFaultsMin = 5;
const killsPerServerFault = 40;
/** Faults of these kinds, for each kill. */
const shares = { restart: 0.1, link: 0.4, full: 0.03, clock: 0.15, redeliver: 0.1 };
const linkKinds: readonly FaultKind[] = ['stall', 'stall', 'abandon', 'delay', 'reset'];
const dayMs = 86_400_000;

/**
 * The faults of a run in order of time, the same for the same options. Kills and freezes are dealt evenly, so that with N kills each of P
 * processes is killed and frozen at least floor(N / P) times; when, and for how long, is drawn at random.
 */
export function planFaults({ seed, kills, durationMs, victims }: PlanOptions): PlannedFault[] {
  const random = createRandom(seed);
  const { processes, servers, links, disk, bus } = victims;
  const count = (share: number) => Math.ceil(kills * share);
  const serverFaults = serverFaultsOf(kills, processes.length);
  const drafts: Draft[] = [
    ...deal(random, processes, kills, () => fault('kill')),
    ...deal(random, processes, kills, () => fault('freeze', freezeMs(random))),
    ...deal(random, processes, count(shares.restart), () => fault('restart')),
    ...deal(random, processes, count(shares.clock), (victim) => clockFault(random, victim)),
    ...deal(random, servers, serverFaults * servers.length, () => fault('kill')),
    ...deal(random, servers, serverFaults * servers.length, () => fault('freeze', freezeMs(random))),
    ...deal(random, links, count(shares.link), () => linkFault(random)),
    ...deal(random, disk ? ['disk'] : [], count(shares.full), () => fault('full', 1_000 + random.below(3_000))),
    ...deal(random, bus ? ['bus'] : [], count(shares.redeliver), () => fault('redeliver')),
  ];
  const timed = drafts.map((draft) => ({ ...draft, atMs: Math.floor(random.next() * durationMs) }));
  return timed.sort((a, b) => a.atMs - b.atMs);
}

/** Faults of each kind for each server. Where a run hits no process, all kills are theirs. */
function serverFaultsOf(kills: number, processCount: number): number {
  if (kills === 0 || processCount === 0) return kills;
  return Math.max(serverFaultsMin, Math.round(kills / killsPerServerFault));
}

/** How often each victim is hit by a kind, by `victim kind`. */
export function countFaults(faults: readonly Pick<PlannedFault, 'victim' | 'kind'>[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { victim, kind } of faults) {
    const name = `${victim} ${kind}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

/** Deals `count` faults to the victims in turn, beginning anywhere. */
function deal(
  random: Random,
  victims: readonly string[],
  count: number,
  make: (victim: string) => Omit<Draft, 'victim'>,
): Draft[] {
  if (victims.length === 0) return [];
  const first = random.below(victims.length);
  return Array.from({ length: count }, (_, index) => {
    const victim = victims[(first + index) % victims.length] as string;
    return { victim, ...make(victim) };
  });
}

function fault(kind: FaultKind, durationMs = 0, amountMs = 0): Omit<Draft, 'victim'> {
  return { kind, durationMs, amountMs };
}

// Most are short; one in four outlasts leases, deadlines and keep-alive.
function freezeMs(random: Random): number {
  return random.below(4) === 0 ? 3_000 + random.below(5_000) : 200 + random.below(1_800);
}

function linkFault(random: Random): Omit<Draft, 'victim'> {
  const kind = linkKinds[random.below(linkKinds.length)] as FaultKind;
  switch (kind) {
    case 'stall':
      return fault(kind, freezeMs(random));
    case 'delay':
      return fault(kind, 1_000 + random.below(4_000), 20 + random.below(400));
    default:
      return fault(kind);
  }
}

/** A clock is off by seconds; that of an exchange, which stamps what is journalled, also by more than a day. */
function clockFault(random: Random, victim: string): Omit<Draft, 'victim'> {
  const isFar = victim.startsWith('exchange') && random.below(3) === 0;
  const sign = random.below(2) === 0 ? 1 : -1;
  const amountMs = isFar ? dayMs + 3_600_000 : sign * (500 + random.below(4_500));
  return fault('clock', 1_000 + random.below(4_000), amountMs);
}
