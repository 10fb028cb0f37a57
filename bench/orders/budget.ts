/** What an order costs: counters of the whole system before and after a load, less what the idle system counts in the same time. */
import type { RunningSystem } from '../../supervisor/testing/index.ts';
import type { Report } from '../report/report.ts';
import { readPostgresCounters } from './postgres-counters.ts';
import { type ProcessorTime, sharedPostgres } from './processor-time.ts';
import { readServiceCounters } from './service-counters.ts';

/** What is counted. Processor time is in microseconds; `postgresUs` is that of the part's database. */
export const kinds = ['commits', 'statements', 'rpcs', 'published', 'consumed', 'serviceUs', 'postgresUs'] as const;

/** Counters of one part of the system: a service with its database, the bus, or what PostgreSQL does for all. */
export type PartCounters = Record<(typeof kinds)[number], number>;

/** Counters at one moment, or what was counted in a time. */
export type Counters = {
  timeMs: number;
  processorTimeMs: number;
  writes: number;
  walBytes: number;
  parts: Map<string, PartCounters>;
};

const names = ['commits', 'statements', 'rpcs', 'published', 'consumed', 'processor_us', 'postgres_us'];

/** Reads all counters; `time` is read from the clock of the system just before. */
export async function readCounters(
  system: RunningSystem,
  options: { statements: boolean; time: ProcessorTime },
): Promise<Counters> {
  const { time } = options;
  const timeMs = performance.now();
  const [postgres, services] = await Promise.all([readPostgresCounters(system, options), readServiceCounters(system)]);
  const partNames = new Set([...postgres.commits.keys(), ...services.keys(), ...time.services.keys(), sharedPostgres]);
  const parts = [...partNames].map((name): [string, PartCounters] => {
    const { rpcs = 0, published = 0, consumed = 0 } = services.get(name) ?? {};
    const counted = {
      commits: postgres.commits.get(name) ?? 0,
      statements: postgres.statements.get(name) ?? 0,
      serviceUs: 1e6 * (time.services.get(name) ?? 0),
      postgresUs: 1e6 * (time.databases.get(name) ?? 0),
    };
    return [name, { ...counted, rpcs, published, consumed }];
  });
  const { writes, walBytes } = postgres;
  return { timeMs, processorTimeMs: time.timeMs, writes, walBytes, parts: new Map(parts) };
}

/** What was counted between two moments. With `idle`, the counters of an idle time, its share is taken off. */
export function countersBetween(before: Counters, after: Counters, idle?: Counters): Counters {
  const timeMs = after.timeMs - before.timeMs;
  const processorTimeMs = after.processorTimeMs - before.processorTimeMs;
  const share = idle ? timeMs / idle.timeMs : 0;
  const processorShare = idle ? processorTimeMs / idle.processorTimeMs : 0;
  const parts = [...after.parts].map(([name, counted]): [string, PartCounters] => {
    const [first, quiet] = [before.parts.get(name), idle?.parts.get(name)];
    const difference = kinds.map((kind) => {
      const idled = (kind.endsWith('Us') ? processorShare : share) * (quiet?.[kind] ?? 0);
      return [kind, counted[kind] - (first?.[kind] ?? 0) - idled];
    });
    return [name, Object.fromEntries(difference) as PartCounters];
  });
  return {
    timeMs,
    processorTimeMs,
    writes: after.writes - before.writes - share * (idle?.writes ?? 0),
    // Of an idle system it is what a checkpoint or a vacuum happens to write.
    walBytes: after.walBytes - before.walBytes,
    parts: new Map(parts),
  };
}

/** Sums over all parts. */
export function totalOf({ parts }: Counters): PartCounters {
  const sum = (kind: keyof PartCounters) => [...parts.values()].reduce((total, counted) => total + counted[kind], 0);
  return Object.fromEntries(kinds.map((kind) => [kind, sum(kind)])) as PartCounters;
}

/** Reports what one of `count` things cost, by part and in all; `per` names the thing. */
export function reportBudget(
  report: Report,
  phase: string,
  { counted, count, per }: { counted: Counters; count: number; per: 'an order' | 'a second' },
): void {
  const each = (value: number) => value / Math.max(1, count);
  const total = totalOf(counted);
  const rows = [...counted.parts, ['total', total] as const].map(([name, values]) => ({
    name,
    values: kinds.map((kind) => each(values[kind])),
  }));
  const shown = rows.filter(({ name, values }) => name === 'total' || values.some((value) => value > 0.005));
  report.table({ metric: `${phase}.budget`, columns: names.map((name) => ({ name, unit: per })), rows: shown });
  const figure = (metric: string, value: number, unit: string) =>
    report.figure({ metric: `${phase}.${metric}`, value, unit });
  figure('budget_processor', each(total.serviceUs + total.postgresUs) / 1_000, `ms ${per}`);
  figure('budget_commits', each(total.commits), per);
  figure('budget_statements', each(total.statements), per);
  figure('budget_writing_commits', each(counted.writes), per);
  figure('budget_wal', each(counted.walBytes), `bytes ${per}`);
}
