/** The process that generates the load: Connect with protobuf over HTTP/1.1, on connections that stay open. */

import { createLoadLog, type LoadLog, noteNotDone } from '../baseline/load-log.ts';
import type { Trader } from '../baseline/market-place.ts';
import { createOrderClient, type OrderClient } from '../baseline/order-client.ts';
import { type Command, createOrderMix, type OrderMix } from '../baseline/order-mix.ts';
import { createAlarm } from '../load/alarm.ts';
import { runClosedLoop } from '../load/closed-loop.ts';
import { type Distribution, distributionOf } from '../load/distribution.ts';
import { createHttpPool, type HttpPool } from '../load/http-pool.ts';
import { runOpenLoop } from '../load/open-loop.ts';
import { createRandom } from '../load/random.ts';
import { evenSchedule, poissonSchedule } from '../load/schedule.ts';
import { serveTasks } from '../system/helper-process.ts';
import { type MixName, mixShares } from './mixes.ts';

/** Who trades what. */
export type LoadTarget = {
  /** Default 127.0.0.1. */
  host?: string;
  port: number;
  traders: Trader[];
  symbolsByTrader: string[][];
  seed: number;
};

/** Outcomes of the commands of a phase. Latencies are in ms, from the moment that a call was due or, in a closed loop, began. */
export type LoadResult = {
  durationMs: number;
  placeOrder: Distribution & { crossing: number; filledInAnswer: number };
  cancelOrder: Distribution & { ended: number };
  refused: Distribution;
  notDone: Record<string, number>;
  notDoneMs: Distribution;
  lagMs: Distribution;
};

/** Which commands to send, of which traders by number. */
export type LoadMix = { name: MixName; traders: number[]; keyPrefix: string };

/** The tasks of this process. */
export type GeneratorTasks = {
  connect(target: LoadTarget): Promise<void>;
  /** Replaces the access tokens. */
  renew(traders: Trader[]): Promise<void>;
  /** Places resting orders of the traders. */
  fillBooks(options: {
    traders: number[];
    ordersEach: number;
    callers: number;
    keyPrefix: string;
  }): Promise<LoadResult>;
  closedLoop(options: { mix: LoadMix; callers: number; durationMs: number }): Promise<LoadResult>;
  /** Calls at times fixed beforehand: evenly, or as independent callers arrive. */
  openLoop(options: { mix: LoadMix; ratePerSecond: number; durationMs: number; evenly: boolean }): Promise<LoadResult>;
};

const loopback = '127.0.0.1';
const connectionsMax = 4_096;
const queueLengthMax = 100_000;
const callTimeoutMs = 30_000;
const drainMs = 30_000;
const never = new AbortController().signal;
let target: LoadTarget | undefined;
let pool: HttpPool | undefined;
let resting: string[][] = [];

serveTasks({
  async connect(options) {
    target = options;
    resting = options.traders.map(() => []);
    const { host = loopback, port } = options;
    pool = createHttpPool({ host, port, connectionsMax, queueLengthMax, timeoutMs: callTimeoutMs });
  },
  async renew(traders) {
    target = { ...required(target), traders };
  },
  async fillBooks({ traders, ordersEach, callers, keyPrefix }) {
    const { client, mix } = createLoad({ name: 'resting', traders, keyPrefix });
    const count = traders.length;
    const queue = Array.from({ length: count * ordersEach }, (_, index) => mix.nextResting(index % count));
    return measure(async (log) => {
      const worker = async () => {
        for (let next = queue.pop(); next; next = queue.pop()) await client.perform(next, performance.now(), log);
      };
      await Promise.all(Array.from({ length: callers }, worker));
      return [];
    });
  },
  async closedLoop({ mix: wanted, callers, durationMs }) {
    const { client, mix } = createLoad(wanted);
    return measure(async (log) => {
      const call = () => client.perform(mix.next(), performance.now(), log);
      await runClosedLoop({ callers, durationMs, call, signal: never });
      return [];
    });
  },
  async openLoop({ mix: wanted, ratePerSecond, durationMs, evenly }) {
    const { client, mix } = createLoad(wanted);
    const random = createRandom(required(target).seed + ratePerSecond);
    const dueMs = evenly ? evenSchedule(ratePerSecond, durationMs) : poissonSchedule(ratePerSecond, durationMs, random);
    const commands = Array.from(dueMs, () => mix.next());
    await using alarm = createAlarm();
    const { waitUntil } = alarm;
    // Awaited: the alarm ends with this function.
    return await measure(async (log) => {
      const call = (index: number, dueTimeMs: number) => client.perform(commands[index] as Command, dueTimeMs, log);
      const { lagMs, unfinished } = await runOpenLoop({ dueMs, call, drainMs, signal: never, waitUntil });
      for (let count = 0; count < unfinished; count++) noteNotDone(log, 'no answer by the end', drainMs);
      return lagMs;
    });
  },
} satisfies GeneratorTasks);

/** A client and a mix whose trader numbers are those of the whole list, whichever of them take part. */
function createLoad({ name, traders: numbers, keyPrefix }: LoadMix): { client: OrderClient; mix: OrderMix } {
  const { host = loopback, port, traders: all, symbolsByTrader, seed } = required(target);
  const random = createRandom(seed + keyPrefix.length);
  const mix = createOrderMix({
    random,
    traders: numbers.length,
    symbols: [],
    keyPrefix,
    shares: mixShares[name],
    symbolsOf: (index) => symbolsByTrader[numbers[index] as number] ?? [],
  });
  const client = createOrderClient({
    pool: required(pool),
    authority: `${host}:${port}`,
    traders: numbers.map((number) => all[number] as Trader),
    mix,
    random,
    resting: numbers.map((number) => resting[number] as string[]),
  });
  return { client, mix };
}

async function measure(work: (log: LoadLog) => Promise<ArrayLike<number>>): Promise<LoadResult> {
  const log = createLoadLog();
  const startTimeMs = performance.now();
  const lagMs = await work(log);
  const { placeOrder, cancelOrder, refused } = log;
  const durationMs = performance.now() - startTimeMs;
  return {
    durationMs,
    placeOrder: {
      ...distributionOf(placeOrder.latencyMs),
      crossing: placeOrder.crossing,
      filledInAnswer: placeOrder.filledInAnswer,
    },
    cancelOrder: { ...distributionOf(cancelOrder.latencyMs), ended: cancelOrder.ended },
    refused: distributionOf(refused.latencyMs),
    notDone: Object.fromEntries(log.notDone),
    notDoneMs: distributionOf(log.notDoneMs),
    lagMs: distributionOf(lagMs),
  };
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('connect first');
  return value;
}
