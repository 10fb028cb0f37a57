import { ExchangeService } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import { createRpcClient, type RpcClient } from '#platform/rpc/client.ts';
import { testServiceToken } from '#platform/testing/service-keys.ts';
import { pause } from '#platform/time/pause.ts';
import { type BenchContext, defineBench } from '../bench.ts';
import { isGrowing } from '../load/is-growing.ts';
import { type Cores, measureCores } from '../system/cores.ts';
import { type Helper, startHelper } from '../system/helper-process.ts';
import { reportMachine } from '../system/machine.ts';
import { listProcesses, requireProc, treeOf } from '../system/processes.ts';
import { makeTempDirectory } from '../system/temp-directory.ts';
import { type ExchangeProcess, requireDurable, startExchange, startPostgres } from './exchange-process.ts';
import type { FollowersTasks } from './followers.ts';
import type { GeneratorTasks, LoadResult } from './generator.ts';
import { findPgbench, runPgbench } from './pgbench.ts';

const flags = {
  seconds: { kind: 'count', default: 10, min: 1, max: 120, help: 'length of each phase' },
  callers: { kind: 'count', default: 16, min: 8, max: 512, help: 'concurrent callers of the closed loop' },
  batch: { kind: 'count', default: 100, min: 1, max: 100, help: 'orders of a call of the closed loop' },
  rate: { kind: 'count', default: 10_000, min: 100, max: 100_000, help: 'orders a second of the open loop' },
  'open-batch': { kind: 'count', default: 25, min: 1, max: 100, help: 'orders of a call of the open loop' },
  followers: { kind: 'count', default: 3, min: 1, max: 100, help: 'followers of the feed' },
  symbols: { kind: 'count', default: 4, min: 1, max: 100, help: 'books' },
  seed: { kind: 'count', default: 1, min: 0, max: 1_000_000, help: 'seed of the orders and of their times' },
  'node-flags': { kind: 'text', default: '', help: 'flags of Node for the exchange, such as --cpu-prof' },
} as const;

type Context = BenchContext<typeof flags>;

/** What every phase needs. */
type Bench = Context & {
  exchange: ExchangeProcess;
  generator: Helper<GeneratorTasks>;
  followers: Helper<FollowersTasks>;
  market: RpcClient<typeof ExchangeService>;
  measure: (work: () => Promise<void>) => Promise<Cores>;
};

/** The result of a phase; `behindMs` is how long after its end the last follower had the last event. */
type Measured = { result: LoadResult; cores: Cores; eventsEach: number; behindMs: number };

const targets = { ordersPerSecond: 40_000, p50Ms: 1 };
const connections = 2;
const warm = { windowMs: 2_000, windowsMax: 15 };
// More than the expected rate needs: requests that are not encoded before the phase are encoded while the clock runs.
const preparedMargin = 1.3;
const settleMs = 1_000;
const callTimeoutMs = 60_000;
const follow = { lookMs: 20, timeoutMs: 60_000 };

/** The exchange as a service: durable orders a second, and latency below that. */
export const exchangeBench = defineBench({
  name: 'exchange',
  summary:
    'durable orders per second of the exchange over gRPC, and latency at a fixed rate; pgbench beside it; an audit',
  flags,
  timeLimitMs: 20 * 60_000,
  run: measureExchange,
});

async function measureExchange(context: Context): Promise<void> {
  const { flags: values, report, signal } = context;
  requireProc();
  reportMachine(report);
  await using directory = await makeTempDirectory();
  report.progress('starting PostgreSQL and the exchange');
  await using postgres = await startPostgres(directory.path);
  await requireDurable(postgres, report);
  const nodeFlags = values['node-flags'].split(' ').filter((flag) => flag !== '');
  {
    await using exchange = await startExchange(postgres, { nodeFlags, signal });
    await using generator = startHelper<GeneratorTasks>(new URL('./generator.ts', import.meta.url));
    await using followers = startHelper<FollowersTasks>(new URL('./followers.ts', import.meta.url));
    const { port } = exchange;
    await using market = createRpcClient(ExchangeService, {
      address: `127.0.0.1:${port}`,
      serviceToken: testServiceToken('market'),
    });
    const symbols = Array.from({ length: values.symbols }, (_, index) => `BENCH${index}`);
    await listBooks(market, symbols);
    const token = await testServiceToken('order')();
    await generator.ask('connect', { port, connections, token, symbols, seed: values.seed });
    await followers.ask('follow', { port, followers: values.followers, token: await testServiceToken('market')() });
    const listParts = () => [
      { name: 'exchange', pids: [exchange.pid] },
      { name: 'postgres', pids: treeOf(postgres.pid, listProcesses()) },
      { name: 'generator', pids: [generator.pid] },
      { name: 'followers', pids: [followers.pid] },
    ];
    const measure = (work: () => Promise<void>) => measureCores(listParts, work);
    await measurePhases({ ...context, exchange, generator, followers, market, measure });
  }
  await measurePgbench(context, postgres);
}

async function listBooks(market: RpcClient<typeof ExchangeService>, symbols: readonly string[]): Promise<void> {
  for (const symbol of symbols) {
    const terms = { symbol, tickSize: '0.01', lotSize: '1', currency: 'USD', referencePriceTicks: 10_000n };
    const { result } = await market.listSymbol({ listing: terms });
    if (result?.reason) throw new Error(`${symbol} could not be listed: ${result.reason}`);
  }
}

async function measurePhases(bench: Bench): Promise<void> {
  const rate = await warmUp(bench);
  await measureClosedLoop(bench, rate);
  await measureOpenLoop(bench);
  await audit(bench);
}

async function warmUp({ flags: { callers, batch }, generator, report, signal }: Bench): Promise<number> {
  const rates: number[] = [];
  while (rates.length < warm.windowsMax && isGrowing(rates)) {
    signal.throwIfAborted();
    await generator.ask('prepare', { requests: 0, ordersEach: batch });
    const { accepted, durationMs, failed } = await generator.ask('closedLoop', { callers, durationMs: warm.windowMs });
    if (accepted === 0) throw new Error(`nothing was done: ${describeFailures(failed)}`);
    rates.push((1_000 * accepted) / durationMs);
    report.progress(`warming up: ${Math.round(rates.at(-1) ?? 0)} orders/s`);
  }
  report.figure({ metric: 'warm_up.took', value: (rates.length * warm.windowMs) / 1_000, unit: 's' });
  return Math.max(...rates);
}

async function measureClosedLoop(bench: Bench, expectedRate: number): Promise<void> {
  const { flags: values, generator, report } = bench;
  const { callers, batch, seconds } = values;
  const phase = 'closed_loop';
  report.progress(`${phase}: ${callers} callers with ${batch} orders a call for ${seconds} s`);
  report.figure({ metric: `${phase}.callers`, value: callers, unit: 'callers' });
  report.figure({ metric: `${phase}.batch`, value: batch, unit: 'orders a call' });
  const requests = Math.ceil((expectedRate * seconds * preparedMargin) / batch);
  await generator.ask('prepare', { requests, ordersEach: batch });
  const measured = await measurePhase(bench, () =>
    generator.ask('closedLoop', { callers, durationMs: seconds * 1_000 }),
  );
  const against = { what: 'target, at least', value: targets.ordersPerSecond };
  const perSecond = (1_000 * measured.result.accepted) / measured.result.durationMs;
  report.figure({ metric: `${phase}.durable_orders`, value: perSecond, unit: 'orders/s', against });
  reportLoad(bench, phase, measured);
}

async function measureOpenLoop(bench: Bench): Promise<void> {
  const { flags: values, generator, report } = bench;
  const { rate, seconds, seed, 'open-batch': batch } = values;
  const phase = 'open_loop';
  report.progress(`${phase}: ${rate} orders/s with ${batch} orders a call for ${seconds} s`);
  report.figure({ metric: `${phase}.offered`, value: rate, unit: 'orders/s' });
  report.figure({ metric: `${phase}.batch`, value: batch, unit: 'orders a call' });
  const callsPerSecond = rate / batch;
  await generator.ask('prepare', { requests: Math.ceil(callsPerSecond * seconds * preparedMargin), ordersEach: batch });
  const measured = await measurePhase(bench, () =>
    generator.ask('openLoop', { callsPerSecond, durationMs: seconds * 1_000, seed }),
  );
  const perSecond = (1_000 * measured.result.accepted) / measured.result.durationMs;
  report.figure({ metric: `${phase}.durable_orders`, value: perSecond, unit: 'orders/s' });
  reportLoad(bench, phase, measured);
}

/** Runs the load, and waits until the followers have all events of it. */
async function measurePhase(bench: Bench, load: () => Promise<LoadResult>): Promise<Measured> {
  const { followers, measure } = bench;
  await pause(settleMs);
  const before = await followers.ask('positions', {});
  let result: LoadResult | undefined;
  const cores = await measure(async () => {
    result = await load();
  });
  if (!result) throw new Error('there is no result');
  const endTimeMs = performance.now();
  const after = await untilFollowed(bench);
  const events = after.map(({ eventCount }, index) => eventCount - (before[index]?.eventCount ?? 0));
  return { result, cores, eventsEach: Math.min(...events), behindMs: performance.now() - endTimeMs };
}

async function untilFollowed({ market, followers }: Bench) {
  const { headSequence } = await market.getShard({ shard: 0 }, { timeoutMs: callTimeoutMs });
  const deadlineMs = performance.now() + follow.timeoutMs;
  for (;;) {
    const positions = await followers.ask('positions', {});
    if (positions.every(({ lastSequence }) => lastSequence >= Number(headSequence))) return positions;
    if (performance.now() > deadlineMs) throw new Error(`a follower is behind: ${JSON.stringify(positions)}`);
    await pause(follow.lookMs);
  }
}

function reportLoad({ flags: values, report }: Bench, phase: string, measured: Measured): void {
  const { result, cores, eventsEach, behindMs } = measured;
  const figure = (name: string, value: number, unit: string) =>
    report.figure({ metric: `${phase}.${name}`, value, unit });
  const { accepted, rejected, traded, calls, failed, latencyMs, lagMs } = result;
  const orders = accepted + rejected;
  figure('calls', calls, 'calls');
  figure('acknowledged', orders, 'orders');
  figure('rejected', rejected, 'orders');
  figure('traded_at_once', (100 * traded) / orders, '% of the orders');
  const against = phase === 'open_loop' ? { against: { what: 'target, below', value: targets.p50Ms } } : {};
  report.figure({ metric: `${phase}.latency_p50`, value: latencyMs.p50, unit: 'ms a call', ...against });
  figure('latency_p99', latencyMs.p99, 'ms a call');
  figure('latency_p999', latencyMs.p999, 'ms a call');
  figure('latency_max', latencyMs.max, 'ms a call');
  if (lagMs.count > 0) {
    figure('generator_lag_p50', lagMs.p50, 'ms');
    figure('generator_lag_p99', lagMs.p99, 'ms');
  }
  figure('followers', values.followers, 'followers');
  figure('events_each', eventsEach, 'events, all that there were');
  figure('followers_behind', behindMs, 'ms at the end');
  for (const [name, value] of cores.parts) {
    figure(`processor_${name}`, (value * cores.durationMs * 1_000) / orders, 'us an order');
  }
  for (const [name, value] of cores.parts) figure(`cores_${name}`, value, 'cores');
  figure('cores_others', cores.others + cores.generator, 'cores');
  if (Object.keys(failed).length > 0) throw new Error(`${phase}: calls failed: ${describeFailures(failed)}`);
}

function describeFailures(failed: Record<string, number>): string {
  return Object.entries(failed)
    .map(([reason, count]) => `${count} x ${reason}`)
    .join(', ');
}

async function audit({ market, generator, report }: Bench): Promise<void> {
  report.progress('comparing the feed with what was acknowledged');
  const { headSequence } = await market.getShard({ shard: 0 }, { timeoutMs: callTimeoutMs });
  const result = await generator.ask('audit', { lastSequence: Number(headSequence) });
  report.figure({ metric: 'audit.events', value: Number(headSequence), unit: 'events, without a gap' });
  report.figure({ metric: 'audit.acknowledged', value: result.acknowledged, unit: 'orders' });
  report.figure({ metric: 'audit.in_feed', value: result.inFeed, unit: 'orders' });
  for (const problem of ['missing', 'twice', 'unasked'] as const) {
    report.figure({ metric: `audit.${problem}`, value: result[problem], unit: 'orders' });
    if (result[problem] > 0) throw new Error(`the audit found ${result[problem]} orders ${problem}`);
  }
}

async function measurePgbench({ flags, report, signal }: Context, postgres: Parameters<typeof runPgbench>[1]) {
  const program = findPgbench();
  if (program === undefined) {
    report.figure({ metric: 'pgbench.tpcb', value: 'skipped', unit: 'pgbench is not installed' });
    return;
  }
  report.progress('pgbench TPC-B of the same PostgreSQL');
  const value = await runPgbench(program, postgres, { seconds: flags.seconds, signal });
  report.figure({ metric: 'pgbench.tpcb', value, unit: 'transactions/s' });
}
