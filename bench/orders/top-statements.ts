/** The statements that took the most of PostgreSQL's time in a phase. */
import type { PhaseContext } from './phase-context.ts';
import type { StatementCounters } from './postgres-counters.ts';

const textMax = 110;

/** Shows them as progress, not among the figures: they are for those who work on a service. */
export function reportTopStatements(
  { report, topStatements }: PhaseContext,
  options: {
    phase: string;
    before: ReadonlyMap<string, StatementCounters>;
    after: ReadonlyMap<string, StatementCounters>;
    orders: number;
  },
): void {
  const { before, after, orders } = options;
  const changes = [...after].map(([key, counted]) => {
    const first = before.get(key);
    const calls = counted.calls - (first?.calls ?? 0);
    const totalMs = counted.totalMs - (first?.totalMs ?? 0);
    return { ...counted, calls, totalMs, rows: counted.rows - (first?.rows ?? 0) };
  });
  const top = changes.filter(({ calls }) => calls > 0).sort((a, b) => b.totalMs - a.totalMs);
  report.progress(`${options.phase}: us an order, calls an order, rows a call, database, statement`);
  for (const { database, text, calls, rows, totalMs } of top.slice(0, topStatements)) {
    const figures = [(1_000 * totalMs) / orders, calls / orders, rows / calls].map((value) =>
      value.toFixed(2).padStart(8),
    );
    report.progress(
      `  ${figures.join(' ')} ${database.padEnd(12)} ${text.replaceAll(/\s+/g, ' ').trim().slice(0, textMax)}`,
    );
  }
}
