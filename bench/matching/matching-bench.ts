import { type BenchContext, defineBench } from '../bench.ts';
import { medianOf } from '../load/median.ts';
import { measureCores } from '../system/cores.ts';
import { reportMachine } from '../system/machine.ts';
import { requireProc } from '../system/processes.ts';
import { collectGarbage } from './collect-garbage.ts';
import { type Comparison, compareBooks, createTotals } from './compare-books.ts';
import { matchingEngine } from './engine-under-test.ts';
import { type GeneratedStream, generateStream } from './generate-stream.ts';
import { measureClock, measureLatency } from './measure-latency.ts';
import { measureMemory } from './measure-memory.ts';
import { type Timing, timeOnce } from './measure-rate.ts';
import { namedEngine } from './named-engine-under-test.ts';
import { nodejsOrderBook } from './nodejs-order-book-under-test.ts';
import { type Workload, workloads } from './workloads.ts';

const flags = {
  commands: { kind: 'count', default: 2_000_000, min: 1_000, max: 5_000_000, help: 'timed commands of each workload' },
  repetitions: { kind: 'count', default: 5, min: 1, max: 50, help: 'how often each is timed; the median counts' },
  seed: { kind: 'count', default: 1, min: 0, max: 1_000_000, help: 'seed of the commands' },
  workload: { kind: 'text', default: '', help: 'only the workload of this name' },
} as const;

type Context = BenchContext<typeof flags>;

const targets = { perSecond: 8_000_000, ratio: 10, ratioDeep: 100, p999Us: 2, million: 150, rejectedShare: 0.01 };
// nodejs-order-book is given only as many of the first commands as it processes in this time while the books are compared.
const otherBudgetMs = 2_000;
const otherRepetitionsMax = 3;
const namedCommands = 200_000;
const namedRepetitions = 3;
const memoryOrders = 1_000_000;
const bytesPerMb = 1e6;
const makers = { ours: matchingEngine, other: nodejsOrderBook };

/** How fast the matching engine is, beside another book with the same commands. */
export const matchingBench = defineBench({
  name: 'matching',
  summary: 'messages per second and latency of the matching engine, in process, paired with nodejs-order-book; memory',
  flags,
  timeLimitMs: 30 * 60_000,
  run: measureMatching,
});

async function measureMatching({ flags: values, report, signal }: Context): Promise<void> {
  requireProc();
  reportMachine(report);
  const chosen = workloads.filter(({ name }) => values.workload === '' || values.workload === name);
  if (chosen.length === 0) throw new Error(`there is no such workload; there are ${workloads.map(({ name }) => name)}`);
  report.figure({ metric: 'machine.clock', value: measureClock(), unit: 'us a reading' });
  for (const workload of chosen) {
    await measureWorkload(workload, { flags: values, report, signal });
    signal.throwIfAborted();
  }
  await reportMemory({ flags: values, report, signal });
}

async function measureWorkload(workload: Workload, { flags: values, report, signal }: Context): Promise<void> {
  const { name } = workload;
  report.progress(`${name}: ${workload.summary}`);
  const generated = generateStream(workload, values.commands, values.seed);
  // The comparison also warms both books up.
  const comparison = compareBooks(generated, makers, otherBudgetMs);
  reportTotals(name, generated, comparison, report);
  const cores = await measureCores(
    () => [],
    async () => {
      await reportRates(workload, generated, comparison, { flags: values, report, signal });
    },
  );
  reportNamed(workload, { flags: values, report, signal });
  collectGarbage();
  const latency = measureLatency(makers.ours, generated.stream);
  const figure = (metric: string, value: number, target?: number) => {
    const against = target === undefined ? {} : { against: { what: 'target, below', value: target } };
    report.figure({ metric: `${name}.${metric}`, value, unit: 'us', ...against });
  };
  figure('latency_p50', latency.p50);
  figure('latency_p99', latency.p99);
  figure('latency_p999', latency.p999, targets.p999Us);
  figure('latency_max', latency.max);
  report.figure({ metric: `${name}.cores_bench`, value: cores.generator, unit: 'cores' });
  report.figure({ metric: `${name}.cores_others`, value: cores.others, unit: 'cores' });
}

type Report = Context['report'];

function reportTotals(name: string, { stream }: GeneratedStream, comparison: Comparison, report: Report): void {
  const { accepted, cancelled, replaced, rejected, richerDone, trades } = comparison.oursWhole;
  const figure = (metric: string, value: number | string, unit: string) =>
    report.figure({ metric: `${name}.${metric}`, value, unit });
  figure('commands', stream.count - stream.setupCount, 'messages');
  figure('commands_before', stream.setupCount, 'messages');
  figure('accepts', accepted, 'orders');
  figure('trades', trades.count, 'trades');
  figure('effective_cancels', cancelled, 'orders');
  figure('replaces', replaced, 'orders');
  figure('richer', richerDone, 'messages');
  const against = { what: 'target, below', value: 100 * targets.rejectedShare };
  const rejectedShare = rejected / stream.count;
  report.figure({ metric: `${name}.rejects`, value: 100 * rejectedShare, unit: '%', against });
  if (rejectedShare >= targets.rejectedShare) throw new Error(`${name}: too many commands are rejected`);
  const compared = stream.plainCount(stream.setupCount, comparison.otherEnd);
  figure('same_trades', 'yes', `of ${compared} timed messages`);
}

async function reportRates(
  { name }: Workload,
  { stream }: GeneratedStream,
  { otherEnd, ourFingerprint }: Comparison,
  { flags: { repetitions }, report, signal }: Context,
): Promise<void> {
  const [ours, others]: [Timing[], Timing[]] = [[], []];
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const took = timeOnce(makers.ours, stream, stream.count);
    if (took.fingerprint !== ourFingerprint) throw new Error(`${name}: the same commands led to another state`);
    ours.push(took);
    if (repetition < otherRepetitionsMax) others.push(timeOnce(makers.other, stream, otherEnd));
    await new Promise((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
  }
  const given = (end: number, takesRicherTypes: boolean) =>
    takesRicherTypes ? end - stream.setupCount : stream.plainCount(stream.setupCount, end);
  const rateOf = (count: number, times: number[]) => (1_000 * count) / medianOf(times);
  const [ourCount, otherCount] = [
    given(stream.count, makers.ours.takesRicherTypes),
    given(otherEnd, makers.other.takesRicherTypes),
  ];
  const clock = ({ clockMs }: Timing) => clockMs;
  const ourRate = rateOf(ourCount, ours.map(clock));
  const otherRate = rateOf(otherCount, others.map(clock));
  const processorRate = rateOf(
    ourCount,
    ours.map(({ processorMs }) => processorMs),
  );
  const figure = (metric: string, value: number, unit: string, what?: { what: string; value: number }) =>
    report.figure({ metric: `${name}.${metric}`, value, unit, ...(what ? { against: what } : {}) });
  figure('rate', ourRate, 'messages/s', { what: 'target, at least', value: targets.perSecond });
  figure('rate_of_processor', processorRate, 'messages/s of processor time');
  figure('rate_nodejs_order_book', otherRate, 'messages/s');
  const ratio = name === 'deep-static' ? targets.ratioDeep : targets.ratio;
  figure('ratio', ourRate / otherRate, 'x', { what: 'target, at least', value: ratio });
}

/** Times the whole engine, with names and stored outcomes. It gets fewer commands, as each is an object. */
function reportNamed(workload: Workload, { flags: { seed }, report }: Context): void {
  const { stream, tradesDigest } = generateStream(workload, namedCommands, seed);
  const totals = createTotals();
  namedEngine.create(stream).observe(0, stream.count, totals);
  if (totals.trades.digest() !== tradesDigest)
    throw new Error(`${workload.name}: the engine with names trades otherwise`);
  const times = Array.from({ length: namedRepetitions }, () => timeOnce(namedEngine, stream, stream.count).clockMs);
  const count = stream.plainCount(stream.setupCount, stream.count);
  const value = (1_000 * count) / medianOf(times);
  report.figure({ metric: `${workload.name}.rate_with_names`, value, unit: 'messages/s' });
}

async function reportMemory({ flags: { seed }, report }: Context): Promise<void> {
  report.progress('memory of a million orders that rest');
  const deep = workloads.find(({ name }) => name === 'deep-static');
  if (!deep) throw new Error('there is no deep workload');
  const { stream } = generateStream({ ...deep, resting: memoryOrders }, 0, seed);
  const figure = (metric: string, bytes: number, target?: number) => {
    const against = target === undefined ? {} : { against: { what: 'target, below', value: target } };
    report.figure({ metric: `memory.${metric}`, value: bytes / bytesPerMb, unit: 'MB', ...against });
  };
  figure('million_resting', await measureMemory(makers.ours, stream), targets.million);
  figure('million_resting_nodejs_order_book', await measureMemory(makers.other, stream));
}
