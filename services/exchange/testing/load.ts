/** Load: callers that submit orders one call after the other. */
import { CommandOutcome } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import { pause } from '#platform/time/pause.ts';
import { newOrder } from './requests.ts';
import type { ExchangeClients } from './running-exchange.ts';

/** The combined result of some callers. */
export type LoadReport = {
  /** Ids of orders that were acknowledged. */
  acknowledged: string[];
  /** Calls that failed. */
  failures: unknown[];
  /** The longest time between two acknowledgements of any callers, in milliseconds, and when it ended. */
  longestGapMs: number;
  /** Time of the last acknowledgement, by performance.now(). */
  lastTimeMs: number;
};

/** How to submit. */
export type LoadOptions = {
  callers: number;
  ordersPerCall: number;
  /** Between two calls of a caller, default 0. */
  pauseMs?: number;
  timeoutMs: number;
  signal: AbortSignal;
};

/** A report without calls. */
export function emptyReport(): LoadReport {
  return { acknowledged: [], failures: [], longestGapMs: 0, lastTimeMs: performance.now() };
}

/** Submits orders of ACME, some of which trade, until the signal aborts and the calls in progress are answered. */
export async function sendOrders(
  clients: ExchangeClients,
  options: LoadOptions,
  report = emptyReport(),
): Promise<LoadReport> {
  const { ordersPerCall, timeoutMs, signal } = options;
  const call = async () => {
    const orders = Array.from({ length: ordersPerCall }, (_, i) => newOrder(i % 2 === 0 ? 'buy' : 'sell'));
    try {
      const { results } = await clients.order.submit({ orders }, { timeoutMs });
      for (const { key, outcome } of results) if (outcome === CommandOutcome.ACCEPTED) report.acknowledged.push(key);
      const nowMs = performance.now();
      report.longestGapMs = Math.max(report.longestGapMs, nowMs - report.lastTimeMs);
      report.lastTimeMs = nowMs;
    } catch (error) {
      report.failures.push(error);
      await pause(10);
    }
  };
  const caller = async () => {
    while (!signal.aborted) {
      await call();
      if (options.pauseMs) await pause(options.pauseMs);
    }
  };
  await Promise.all(Array.from({ length: options.callers }, caller));
  return report;
}
