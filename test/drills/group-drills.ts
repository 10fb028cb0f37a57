import type { LocalDrill } from './fault.ts';

/**
 * Drills that share a system. One after which the books are not whole, or that needs a disk of its own, has a system for
 * itself.
 */
export function groupDrills(drills: readonly LocalDrill[]): LocalDrill[][] {
  const shared = drills.filter((drill) => !isAlone(drill));
  const alone = drills.filter(isAlone).map((drill) => [drill]);
  return shared.length === 0 ? alone : [shared, ...alone];
}

function isAlone({ invariant, disk }: LocalDrill): boolean {
  return invariant !== 'accounted-for' || disk === true;
}
