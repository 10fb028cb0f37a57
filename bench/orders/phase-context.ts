/** What the phases of the bench share. */
import type { Trader } from '../baseline/market-place.ts';
import type { Report } from '../report/report.ts';
import type { Helper } from '../system/helper-process.ts';
import type { Counters } from './budget.ts';
import type { DrainWatch } from './drain.ts';
import type { GeneratorTasks } from './generator.ts';
import type { ProcessorClock } from './processor-time.ts';
import type { MeasuredSystem } from './start-measured-system.ts';

/** The traders by number: those who trade among themselves, and the one who sends everything in phase `hot`; when their tokens were made. */
export type Cast = { traders: Trader[]; usual: number[]; hot: number; tokensTimeMs: number };

/** What every phase gets. */
export type PhaseContext = MeasuredSystem & {
  generator: Helper<GeneratorTasks>;
  cast: Cast;
  drain: DrainWatch;
  clock: ProcessorClock;
  report: Report;
  signal: AbortSignal;
  seconds: number;
  callers: number;
  /**
   * What the idle system counts. Undefined: it was not measured, and a load is counted to its own end, without what is sent later on.
   * Counters of PostgreSQL are then not exact.
   */
  idle: Counters | undefined;
  /** Folder for profiles of a phase; empty for none. */
  profileDirectory: string;
  /** Statements to list after each phase, those that take the most time first. */
  topStatements: number;
  /** Makes the keys of each load its own. */
  nextKeyPrefix(): string;
  /** What went wrong; the bench fails at its end if anything did. */
  problems: string[];
};
