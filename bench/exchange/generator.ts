/** The process that makes the load, and checks at the end that all it was promised is in the feed. */
import { create, toBinary } from '@bufbuild/protobuf';
import { ExchangeService } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import { ExchangeFeedService, FollowRequestSchema } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { createAlarm } from '../load/alarm.ts';
import { runClosedLoop } from '../load/closed-loop.ts';
import { type Distribution, distributionOf } from '../load/distribution.ts';
import { runOpenLoop } from '../load/open-loop.ts';
import { createRandom } from '../load/random.ts';
import { poissonSchedule } from '../load/schedule.ts';
import { serveTasks } from '../system/helper-process.ts';
import { Acknowledged, type AcknowledgedCounts, readAcknowledgements } from './acknowledgements.ts';
import { FeedScan } from './feed-scan.ts';
import { createOrderBatches, type OrderBatches } from './order-batches.ts';
import { numberOf } from './order-numbers.ts';
import { connectRaw, type RawClient } from './raw-client.ts';

/** What became of the orders of a phase. `failed` calls may have happened. */
export type LoadResult = AcknowledgedCounts & {
  /** Calls that were answered, and why the others were not. */
  calls: number;
  failed: Record<string, number>;
  durationMs: number;
  /** From the moment that the call was due, or began in a closed loop, ms. */
  latencyMs: Distribution;
  /** How late calls began, ms; all zero in a closed loop. */
  lagMs: Distribution;
};

/** What the acknowledgements and the feed say of each other; see `audit`. */
export type AuditResult = { acknowledged: number; inFeed: number; missing: number; twice: number; unasked: number };

/** What this process can be asked for. */
export type GeneratorTasks = {
  connect(options: {
    port: number;
    connections: number;
    token: string;
    symbols: string[];
    seed: number;
  }): Promise<void>;
  /** Encodes requests before a phase needs them. */
  prepare(options: { requests: number; ordersEach: number }): Promise<void>;
  closedLoop(options: { callers: number; durationMs: number }): Promise<LoadResult>;
  openLoop(options: { callsPerSecond: number; durationMs: number; seed: number }): Promise<LoadResult>;
  /** Reads the feed from its start to `lastSequence` and compares it with all that was acknowledged. */
  audit(options: { lastSequence: number }): Promise<AuditResult>;
};

type Phase = { responses: Buffer[]; latencyMs: number[]; failed: Map<string, number> };

const ordersMax = 16_000_000;
const drainMs = 10_000;
const marks = new Uint8Array(ordersMax);
const never = new AbortController().signal;
let clients: RawClient[] = [];
let batches: OrderBatches | undefined;
let prepared: Buffer[] = [];
let ordersEach = 0;
let callsMade = 0;

serveTasks({
  async connect({ port, connections, token, symbols, seed }) {
    clients = Array.from({ length: connections }, () => connectRaw(port, token));
    batches = createOrderBatches({ random: createRandom(seed), symbols });
  },
  async prepare(options) {
    ordersEach = options.ordersEach;
    prepared = Array.from({ length: options.requests }, nextRequest);
  },
  async closedLoop({ callers, durationMs }) {
    const phase = createPhase();
    const startTimeMs = performance.now();
    await runClosedLoop({ callers, durationMs, call: () => submit(phase, performance.now()), signal: never });
    return resultOf(phase, performance.now() - startTimeMs, []);
  },
  async openLoop({ callsPerSecond, durationMs, seed }) {
    const phase = createPhase();
    const dueMs = poissonSchedule(callsPerSecond, durationMs, createRandom(seed));
    await using alarm = createAlarm();
    const call = (_: number, dueTimeMs: number) => submit(phase, dueTimeMs);
    const { waitUntil } = alarm;
    const startTimeMs = performance.now();
    const { lagMs, unfinished } = await runOpenLoop({ dueMs, call, drainMs, signal: never, waitUntil });
    if (unfinished > 0) phase.failed.set('no answer by the end', unfinished);
    return resultOf(phase, performance.now() - startTimeMs, lagMs);
  },
  audit,
} satisfies GeneratorTasks);

function nextRequest(): Buffer {
  if (batches === undefined) throw new Error('connect first');
  if (batches.orderCount + ordersEach > ordersMax) throw new Error(`more than ${ordersMax} orders`);
  return batches.next(ordersEach);
}

async function submit({ responses, latencyMs, failed }: Phase, dueTimeMs: number): Promise<void> {
  const request = prepared.pop() ?? nextRequest();
  const client = clients[callsMade++ % clients.length] as RawClient;
  try {
    responses.push(await client.call(ExchangeService.method.submit, request));
    latencyMs.push(performance.now() - dueTimeMs);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    failed.set(reason, (failed.get(reason) ?? 0) + 1);
  }
}

function createPhase(): Phase {
  return { responses: [], latencyMs: [], failed: new Map() };
}

function resultOf({ responses, latencyMs, failed }: Phase, durationMs: number, lagMs: ArrayLike<number>): LoadResult {
  const counts = readAcknowledgements(responses, marks);
  const [latency, lag] = [distributionOf(latencyMs), distributionOf(lagMs)];
  const calls = responses.length;
  return { ...counts, calls, failed: Object.fromEntries(failed), durationMs, latencyMs: latency, lagMs: lag };
}

async function audit({ lastSequence }: { lastSequence: number }): Promise<AuditResult> {
  const result = { acknowledged: 0, inFeed: 0, missing: 0, twice: 0, unasked: 0 };
  const seen = new Uint8Array(ordersMax);
  const scan = new FeedScan(0, (orderId, accepted) => {
    const number = numberOf(orderId);
    result.inFeed++;
    if (seen[number] !== 0) result.twice++;
    seen[number] = accepted ? Acknowledged.ACCEPTED : Acknowledged.REJECTED;
    if (marks[number] === 0) result.unasked++;
  });
  const request = toBinary(FollowRequestSchema, create(FollowRequestSchema, { shard: 0, afterSequence: 0n }));
  const stream = clients[0]?.stream(ExchangeFeedService.method.follow, Buffer.from(request));
  if (stream === undefined) throw new Error('connect first');
  for await (const response of stream) {
    scan.read(response);
    if (scan.lastSequence >= lastSequence) break;
  }
  stream.cancel();
  for (const [number, mark] of marks.entries()) {
    if (mark === 0) continue;
    result.acknowledged++;
    if (seen[number] !== mark) result.missing++;
  }
  return result;
}
