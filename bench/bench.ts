import type { Report } from './report/report.ts';

/** A flag of a bench: a whole number within bounds, or a text. */
export type Flag =
  | { kind: 'count'; default: number; min: number; max: number; help: string }
  | { kind: 'text'; default: string; help: string };

/** Values of a bench's flags, by name; those that were not given have their defaults. */
export type FlagValues<F extends Record<string, Flag>> = {
  [K in keyof F]: F[K]['kind'] extends 'count' ? number : F[K]['kind'] extends 'text' ? string : number | string;
};

/** What a bench is run with. */
export type BenchContext<F extends Record<string, Flag> = Record<string, Flag>> = {
  flags: FlagValues<F>;
  report: Report;
  /** Aborts at Ctrl-C and at the bench's time limit; the bench then stops what it started and rejects. */
  signal: AbortSignal;
};

/** Something that is measured by one command. */
export type Bench = {
  /** What follows `npm run bench --`. */
  name: string;
  /** What it measures, in one line. */
  summary: string;
  /** Its flags beside `--json`. */
  flags: Record<string, Flag>;
  /** Longest time it may take, in ms. */
  timeLimitMs: number;
  /** Measures and reports. Rejects when something is wrong with what is measured, such as an audit that is not clean. */
  run(context: BenchContext): Promise<void>;
};

/** Declares a bench, with the types of its own flags inside. */
export function defineBench<const F extends Record<string, Flag>>(
  bench: Omit<Bench, 'flags' | 'run'> & { flags: F; run: (context: BenchContext<F>) => Promise<void> },
): Bench {
  // Sound: the values are read by the very flags that give `F` (see read-flags.ts).
  return { ...bench, run: (context) => bench.run(context as unknown as BenchContext<F>) };
}
