import type { BenchContext } from '../bench.ts';
import { phases } from './phases.ts';

/** Measured on a system of its own with a long history of orders. */
export const historyPhase = 'history';
/** What it costs to be watched, see watched.ts. */
export const watchedPhase = 'watched';
/** Measured on a system of its own, with the house and nothing else. */
export const housePhase = 'house';

const phaseNames = [...Object.keys(phases), watchedPhase, housePhase];
/** Phases that are run only where they are named, each on a system started for it. */
export const ownPhases = [historyPhase, watchedPhase];
const standardPhases = phaseNames.filter((name) => !ownPhases.includes(name));

/** The flags of the bench. */
export const ordersFlags = {
  seconds: { kind: 'count', default: 20, min: 1, max: 180, help: 'length of each phase' },
  users: { kind: 'count', default: 200, min: 1, max: 2_000, help: 'accounts that trade' },
  symbols: { kind: 'count', default: 10, min: 1, max: 100, help: 'books that they trade in, two each' },
  callers: { kind: 'count', default: 256, min: 1, max: 2_048, help: 'concurrent callers of the phases at saturation' },
  phases: { kind: 'text', default: standardPhases.join(','), help: `phases to run; also ${ownPhases.join(', ')}` },
  history: {
    kind: 'count',
    default: 1_000_000,
    min: 1,
    max: 2_000_000,
    help: 'orders of each of 10 accounts, in that',
  },
  rounds: { kind: 'count', default: 3, min: 1, max: 20, help: `turns of each form in ${watchedPhase}` },
  warm: { kind: 'count', default: 8, min: 0, max: 30, help: 'most windows of 3 s that it warms up' },
  pgbench: { kind: 'count', default: 20, min: 0, max: 120, help: 'seconds of pgbench at the end; 0: none' },
  statements: { kind: 'count', default: 1, min: 0, max: 1, help: 'whether PostgreSQL counts statements' },
  top: { kind: 'count', default: 0, min: 0, max: 100, help: 'statements to list after each phase, the dearest first' },
  profile: { kind: 'text', default: '', help: 'folder for a processor profile of each process and phase' },
  seed: { kind: 'count', default: 1, min: 0, max: 1_000_000, help: 'seed of the commands and of their times' },
} as const;

/** What the bench is run with. */
export type OrdersContext = BenchContext<typeof ordersFlags>;

/** The phases that are asked for. Throws for one that there is not. */
export function phasesOf({ flags }: OrdersContext): string[] {
  const names = flags.phases.split(',');
  const unknown = names.find((name) => !phaseNames.includes(name));
  if (unknown !== undefined) throw new Error(`there is no phase '${unknown}': ${phaseNames.join(', ')}`);
  return names;
}
