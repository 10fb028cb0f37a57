import { type BenchContext, defineBench } from '../bench.ts';
import { requireDurable, startPostgres } from '../exchange/exchange-process.ts';
import { findPgbench, runPgbench } from '../exchange/pgbench.ts';
import { distributionOf } from '../load/distribution.ts';
import { createRandom } from '../load/random.ts';
import { measureCores } from '../system/cores.ts';
import { reportMachine } from '../system/machine.ts';
import { listProcesses, requireProc, treeOf } from '../system/processes.ts';
import { makeTempDirectory } from '../system/temp-directory.ts';
import { openLedger } from './ledger-under-test.ts';
import { createOrderPairs, type OrderPair } from './order-pairs.ts';

const flags = {
  seconds: { kind: 'count', default: 8, min: 1, max: 60, help: 'length of the phase of holds, and of pgbench' },
  group: { kind: 'count', default: 200, min: 2, max: 500, help: 'holds of a group, and trades of a page' },
  accounts: { kind: 'count', default: 1_000, min: 2, max: 10_000, help: 'accounts that trade' },
  symbols: { kind: 'count', default: 10, min: 1, max: 100, help: 'books' },
  lone: { kind: 'count', default: 200, min: 1, max: 10_000, help: 'holds and trades that come one by one' },
  seed: { kind: 'count', default: 1, min: 0, max: 1_000_000, help: 'seed of the orders' },
} as const;

type Context = BenchContext<typeof flags>;

/** What a phase needs. */
type Bench = Context & { ledger: Awaited<ReturnType<typeof openLedger>>; postgresPid: number };

const targets = { holdsPerSecond: 15_000, tradesPerSecond: 4_000 };
const warmUpGroups = 20;

/** The ledger as code over its database, without the calls that bring orders and events to it. */
export const ledgerBench = defineBench({
  name: 'ledger',
  summary: 'holds per second and settled trades per second of the ledger alone; pgbench beside it; an audit',
  flags,
  timeLimitMs: 10 * 60_000,
  run: measureLedger,
});

async function measureLedger(context: Context): Promise<void> {
  const { flags: values, report, signal } = context;
  requireProc();
  reportMachine(report);
  await using directory = await makeTempDirectory();
  report.progress('starting PostgreSQL');
  await using postgres = await startPostgres(directory.path);
  await requireDurable(postgres, report);
  const pairs = createOrderPairs({ random: createRandom(values.seed), ...values });
  {
    await using ledger = await openLedger(postgres.urlFor('exchange'), pairs);
    const bench = { ...context, ledger, postgresPid: postgres.pid };
    await measureLone(bench, pairs.take);
    const placed = await measureHolds(bench, pairs.take);
    await measureSettlement(bench, placed);
    await ledger.audit();
    report.figure({ metric: 'audit', value: 'clean', unit: '' });
  }
  const program = findPgbench();
  if (program === undefined) return report.figure({ metric: 'pgbench.tpcb', value: 'skipped', unit: '' });
  report.progress('pgbench TPC-B of the same PostgreSQL');
  const value = await runPgbench(program, postgres, { seconds: values.seconds, signal });
  report.figure({ metric: 'pgbench.tpcb', value, unit: 'transactions/s' });
}

/** One hold, and one trade, after the other. */
async function measureLone({ flags: { lone }, ledger, report }: Bench, take: () => OrderPair): Promise<void> {
  report.progress('one by one');
  const times: Record<'hold' | 'trade', number[]> = { hold: [], trade: [] };
  const timed = async (times: number[], work: () => Promise<void>) => {
    const startTimeMs = performance.now();
    await work();
    times.push(performance.now() - startTimeMs);
  };
  const placed: OrderPair[] = [];
  const holdCosts = await ledger.countCommits(async () => {
    for (let i = 0; i < lone; i += 1) {
      const pair = take();
      await timed(times.hold, () => ledger.place([pair.buy]));
      await timed(times.hold, () => ledger.place([pair.sell]));
      placed.push(pair);
    }
  });
  const tradeCosts = await ledger.countCommits(async () => {
    for (const pair of placed) await timed(times.trade, () => ledger.settle([pair]));
  });
  for (const kind of ['hold', 'trade'] as const) {
    const { p50, p99 } = distributionOf(times[kind]);
    report.figure({ metric: `lone_${kind}.latency_p50`, value: p50, unit: 'ms' });
    report.figure({ metric: `lone_${kind}.latency_p99`, value: p99, unit: 'ms' });
  }
  report.figure({ metric: 'lone_hold.commits', value: holdCosts / (2 * lone), unit: 'a hold' });
  report.figure({ metric: 'lone_trade.commits', value: tradeCosts / lone, unit: 'a trade' });
}

async function measureHolds(bench: Bench, take: () => OrderPair): Promise<OrderPair[][]> {
  const { flags: values, ledger, report, signal } = bench;
  const placeGroup = async () => {
    const pairs = Array.from({ length: values.group / 2 }, take);
    await ledger.place(pairs.flatMap(({ buy, sell }) => [buy, sell]));
    return pairs;
  };
  const placed: OrderPair[][] = [];
  for (let i = 0; i < warmUpGroups; i += 1) placed.push(await placeGroup());
  report.progress(`holds in groups of ${values.group} for ${values.seconds} s`);
  const warmed = placed.length;
  const deadlineMs = performance.now() + values.seconds * 1_000;
  await measurePhase(bench, { phase: 'holds', unit: 'holds', target: targets.holdsPerSecond }, async () => {
    while (performance.now() < deadlineMs && !signal.aborted) placed.push(await placeGroup());
    return 2 * (placed.length - warmed) * Math.floor(values.group / 2);
  });
  return placed;
}

/** Settles what was placed, in pages of `group` trades. */
async function measureSettlement(bench: Bench, placed: OrderPair[][]): Promise<void> {
  const { flags: values, ledger, report, signal } = bench;
  const pairs = placed.flat();
  const nextPage = () => pairs.splice(0, values.group);
  for (let i = 0; i < warmUpGroups; i += 1) await ledger.settle(nextPage());
  report.progress(`settlement in pages of ${values.group} trades`);
  const count = pairs.length;
  await measurePhase(bench, { phase: 'settlement', unit: 'trades', target: targets.tradesPerSecond }, async () => {
    while (pairs.length > 0 && !signal.aborted) await ledger.settle(nextPage());
    return count;
  });
}

async function measurePhase(
  { report, postgresPid, ledger, signal }: Bench,
  { phase, unit, target }: { phase: string; unit: string; target: number },
  work: () => Promise<number>,
): Promise<void> {
  let count = 0;
  let commits = 0;
  const listParts = () => [{ name: 'postgres', pids: treeOf(postgresPid, listProcesses()) }];
  const cores = await measureCores(listParts, async () => {
    commits = await ledger.countCommits(async () => {
      count = await work();
    });
  });
  signal.throwIfAborted();
  const figure = (name: string, value: number, of: string) =>
    report.figure({ metric: `${phase}.${name}`, value, unit: of });
  const against = { what: 'target, at least', value: target };
  const value = (1_000 * count) / cores.durationMs;
  report.figure({ metric: `${phase}.rate`, value, unit: `${unit}/s`, against });
  const microseconds = (busy: number) => (1_000 * busy * cores.durationMs) / count;
  figure('commits', commits / count, `a ${unit.slice(0, -1)}`);
  figure('processor_ledger', microseconds(cores.generator), `us a ${unit.slice(0, -1)}`);
  figure('processor_postgres', microseconds(cores.parts.get('postgres') ?? 0), `us a ${unit.slice(0, -1)}`);
  figure('others', cores.others, 'cores');
}
