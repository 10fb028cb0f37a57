/** Callers that send orders one call after the other, and what they saw. */
import { setTimeout as delay } from 'node:timers/promises';
import { CommandOutcome } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import { newOrder } from './requests.ts';
import type { ExchangeClients } from './running-exchange.ts';

/** What some callers saw together. */
export type Seen = {
  /** Ids of orders that were acknowledged. */
  acknowledged: string[];
  /** Calls that failed. */
  failures: unknown[];
  /** The longest time between two acknowledgements of any callers, in milliseconds, and when it ended. */
  longestGapMs: number;
  /** When the last one came, by performance.now(). */
  lastTimeMs: number;
};

/** How to send. */
export type LoadOptions = {
  callers: number;
  ordersPerCall: number;
  /** Between two calls of a caller, default 0. */
  pauseMs?: number;
  timeoutMs: number;
  signal: AbortSignal;
};

/** Nothing seen yet. */
export function nothingSeen(): Seen {
  return { acknowledged: [], failures: [], longestGapMs: 0, lastTimeMs: performance.now() };
}

/** Sends orders of ACME that partly trade, until the signal aborts; then the calls in progress are answered first. */
export async function sendOrders(clients: ExchangeClients, options: LoadOptions, seen = nothingSeen()): Promise<Seen> {
  const { ordersPerCall, timeoutMs, signal } = options;
  const call = async () => {
    const orders = Array.from({ length: ordersPerCall }, (_, i) => newOrder(i % 2 === 0 ? 'buy' : 'sell'));
    try {
      const { results } = await clients.order.submit({ orders }, { timeoutMs });
      for (const { key, outcome } of results) if (outcome === CommandOutcome.ACCEPTED) seen.acknowledged.push(key);
      const nowMs = performance.now();
      seen.longestGapMs = Math.max(seen.longestGapMs, nowMs - seen.lastTimeMs);
      seen.lastTimeMs = nowMs;
    } catch (error) {
      seen.failures.push(error);
      await delay(10);
    }
  };
  const caller = async () => {
    while (!signal.aborted) {
      await call();
      if (options.pauseMs) await delay(options.pauseMs);
    }
  };
  await Promise.all(Array.from({ length: options.callers }, caller));
  return seen;
}
