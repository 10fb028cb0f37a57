import type { LocalDrill } from '../fault.ts';
import { ordersDrills } from './orders.ts';
import { processesDrills } from './processes.ts';
import { rowsDrills } from './rows.ts';
import { serversDrills } from './servers.ts';

/** Faults that are rehearsed on one machine: `npm run drill -- NAME`. */
export const localDrills: readonly LocalDrill[] = [
  ...ordersDrills,
  ...serversDrills,
  ...processesDrills,
  ...rowsDrills,
];
