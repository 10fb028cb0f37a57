/** What the load kit and tests use of the bench; nothing else of it is imported from outside. */
import { type Helper, startHelper } from '../system/helper-process.ts';
import type { GeneratorTasks } from './generator.ts';

export { type MarketPlace, openMarketPlace } from '../baseline/market-place.ts';
export { partsOf } from '../system/parts.ts';
export { listProcesses, pssMib } from '../system/processes.ts';
export type { LoadResult } from './generator.ts';
export { configurePostgres, startPostgresOf } from './start-measured-system.ts';

/** Starts the generator of the bench as a process of its own. */
export function startGenerator(): Helper<GeneratorTasks> {
  return startHelper<GeneratorTasks>(new URL('generator.ts', import.meta.url));
}
