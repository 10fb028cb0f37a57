import { type Batcher, createBatcher } from '#platform/batch/batcher.ts';
import type { OutboxBacklog } from '#platform/bus/outbox-relay.ts';
import type { Database } from '#platform/postgres/database.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import type { Clients } from './clients/clients.ts';
import { createExchangeCommands, type ExchangeCommands } from './clients/exchange-commands.ts';
import { createInstruments, type Instruments } from './clients/instruments.ts';
import { createHolds, type HoldAnswer } from './clients/ledger-holds.ts';
import { createQuotes, type Quotes } from './clients/quotes.ts';
import { type ConditionsCopies, openConditions } from './clients/trading-conditions.ts';
import type { Order } from './domain/order.ts';
import { createSagaMetrics, type SagaMetrics } from './saga/order-metrics.ts';
import { type IntentRequest, type IntentResult, placeIntents } from './saga/place-intents.ts';
import { type ChangeHub, openChangeHub } from './store/change-watch.ts';
import { readOrders } from './store/read-orders.ts';
import { type Step, takeSteps } from './store/take-steps.ts';

/** What may be tuned; times in ms. */
export type SagaLimits = {
  /** How far beyond the market a market order may trade, in basis points. */
  collarBps: number;
  /** Age at which the sweeper takes up an order that is still passing. */
  sweepAgeMs: number;
  /** Age past which an unsubmitted order that was meant for its own moment is only compensated. */
  immediateAgeMaxMs: number;
  /** Events in the outbox past which no new order is taken. */
  outboxBacklogMax: number;
  /** Longest wait of an answer for this service's own follower of the feed. */
  feedWaitMs: number;
  /** Age since their end past which orders of house accounts are forgotten; everybody else's are kept. */
  houseRetentionMs: number;
};

/** Everything that the steps of an order's life work with. */
export type Saga = AsyncDisposable & {
  db: Database;
  logger: Logger;
  clients: Clients;
  limits: SagaLimits;
  metrics: SagaMetrics;
  hub: ChangeHub;
  instruments: Instruments;
  quotes: Quotes;
  conditions: ConditionsCopies;
  exchange: ExchangeCommands;
  holds: Batcher<Order, HoldAnswer>;
  intents: Batcher<IntentRequest, IntentResult>;
  steps: Batcher<Step, boolean>;
  reads: Batcher<string, Order | undefined>;
  outboxBacklog: () => OutboxBacklog;
};

/** The defaults. */
export const defaultSagaLimits: SagaLimits = {
  collarBps: 500,
  sweepAgeMs: 2_000,
  immediateAgeMaxMs: 5_000,
  outboxBacklogMax: 500_000,
  feedWaitMs: 2_000,
  houseRetentionMs: 3_600_000,
};

/** Puts the parts together: concurrent orders share statements and calls through the batchers here. */
export async function openSaga(options: {
  db: Database;
  logger: Logger;
  metrics: Metrics;
  clients: Clients;
  limits: SagaLimits;
  outboxBacklog: () => OutboxBacklog;
}): Promise<Saga> {
  const { db, logger, metrics, clients } = options;
  const { market, user, ledger, exchange } = clients;
  const shared = { itemsMax: 200, queueLengthMax: 10_000, metrics };
  const hub = await openChangeHub(db);
  const conditions = await openConditions({ db, user, metrics });
  const parts = {
    hub,
    conditions,
    quotes: createQuotes({ market, metrics }),
    exchange: createExchangeCommands({ exchange, metrics }),
    holds: createHolds({ ledger, metrics }),
    intents: createBatcher<IntentRequest, IntentResult>({
      ...shared,
      name: 'order_intents',
      flush: (items) => placeIntents(db, items),
    }),
    steps: createBatcher<Step, boolean>({ ...shared, name: 'order_steps', flush: (items) => takeSteps(db, items) }),
    reads: createBatcher<string, Order | undefined>({
      ...shared,
      name: 'order_reads',
      flush: (items) => readOrders(db, items),
    }),
  };
  return {
    ...options,
    ...parts,
    metrics: createSagaMetrics(metrics),
    instruments: createInstruments({ market, logger }),
    async [Symbol.asyncDispose]() {
      // In the order in which an order passes them, so that each still finds the next.
      for (const part of [
        parts.quotes,
        conditions,
        parts.intents,
        parts.holds,
        parts.steps,
        parts.exchange,
        parts.reads,
        hub,
      ]) {
        await part[Symbol.asyncDispose]();
      }
    },
  };
}
