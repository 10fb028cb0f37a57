/** Many users at once: calls are sent when they are due, and again under their key until their outcome is known. */
import { createWriteStream } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '../../../bench/load/index.ts';
import { type Callers, createCallers } from './callers.ts';
import { createMix } from './mix.ts';
import type { Market } from './open-market.ts';
import type { Operation } from './operations.ts';

/** The calls of a run. */
export type Traffic = {
  operations: readonly Operation[];
  /** Calls whose outcome is not known yet. */
  unsettled(): number;
  /** Sends no new calls. Resolves once every outcome is known, or after `timeoutMs`. */
  finish(timeoutMs: number): Promise<void>;
};

/** How to run it. */
export type TrafficOptions = {
  market: Market;
  gatewayUrls: readonly string[];
  ratePerSecond: number;
  seed: number;
  /** Whether orders of all kinds are placed, and changed, or market and limit orders alone. */
  kinds: 'all' | 'plain';
  /** Of 1,000 calls, orders that cross the spread; default by `kinds`. */
  crossingOf1000?: number;
  /** File that gets a line of JSON for each definite answer. */
  recordPath: string;
};

// Past so many seconds' calls without an outcome no new one begins: an outage must not be followed by a flood that is worse than the outage.
const unsettledSecondsMax = 8;

/** Starts the traffic. */
export function startTraffic(options: TrafficOptions): Traffic {
  const { market, gatewayUrls, seed } = options;
  const stream = createWriteStream(options.recordPath);
  const record = (operation: Operation) => void stream.write(`${JSON.stringify(operation)}\n`);
  const callers = createCallers({ market, gatewayUrls, seed, record });
  const stopping = new AbortController();
  const running = arrive(callers, options, stopping.signal);
  return {
    operations: callers.operations,
    unsettled: () => callers.unsettled(),
    async finish(finishTimeoutMs) {
      stopping.abort();
      await running;
      const deadlineMs = performance.now() + finishTimeoutMs;
      while (callers.unsettled() > 0 && performance.now() < deadlineMs) await sleep(50);
      callers[Symbol.dispose]();
      stream.end();
    },
  };
}

async function arrive(callers: Callers, options: TrafficOptions, signal: AbortSignal): Promise<void> {
  const { ratePerSecond, seed, market, kinds, crossingOf1000 } = options;
  const random = createRandom(seed);
  const mix = createMix(random, { users: market.users.length, symbols: market.symbols, kinds, crossingOf1000 });
  let dueMs = performance.now();
  while (!signal.aborted) {
    // The gap of a Poisson process is exponential.
    dueMs += (-Math.log(1 - random.next()) * 1_000) / ratePerSecond;
    const waitMs = dueMs - performance.now();
    if (waitMs > 1) await sleep(waitMs);
    const draft = mix.next();
    if (callers.unsettled() < unsettledSecondsMax * ratePerSecond) void callers.carryOut(draft);
  }
}
