import type { Withdrawal } from '#platform/batch/batcher.ts';
import type { OutboxBacklog } from '#platform/bus/outbox-relay.ts';
import type { Clock } from '#platform/clock/clock.ts';
import type { Database } from '#platform/postgres/sql.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Clients } from './clients/clients.ts';
import type { ExchangeCommands } from './clients/exchange-commands.ts';
import type { ExchangeRules } from './clients/exchange-rules.ts';
import type { Holds } from './clients/holds.ts';
import type { Instruments } from './clients/instruments.ts';
import type { ListCommands } from './clients/list-commands.ts';
import type { OwnedSharesSource } from './clients/owned-shares.ts';
import type { Quotes } from './clients/quotes.ts';
import type { Sessions } from './clients/sessions.ts';
import type { TradingConditionsSource } from './clients/trading-conditions.ts';
import type { Trails } from './clients/trails.ts';
import type { OrderLimits } from './config.ts';
import type { Order } from './domain/order.ts';
import type { OrderMetrics } from './saga/order-metrics.ts';
import type { IntentRequest, IntentResult } from './saga/place-intents.ts';
import type { ListIntent, ListIntentResult } from './saga/place-list-intents.ts';
import type { RefusedOrder } from './saga/refuse-orders.ts';
import type { ChangeWatch } from './store/change-watch.ts';
import type { Step } from './store/take-steps.ts';

/** What the handlers, the saga, the consumers and the jobs work with. */
export type OrderDeps = {
  db: Database;
  logger: Logger;
  metrics: OrderMetrics;
  limits: OrderLimits;
  /** The machine's clock, Unix milliseconds, for deadlines. */
  nowMs: () => number;
  /** The market's clock, by which orders have their times and ids. */
  clock: Clock;

  instruments: Instruments;
  quotes: Quotes;
  tradingConditions: TradingConditionsSource;
  holds: Holds;
  ownedShares: OwnedSharesSource;
  exchange: ExchangeCommands;
  exchangeRules: ExchangeRules;
  lists: ListCommands;
  trails: Trails;
  exchangeFeed: Clients['exchangeFeed'];
  sessions: Sessions;
  users: Clients['user'];

  /**
   * Stores the intent of an order, unless its time is over before its turn comes. Concurrent ones share a statement or a transaction, as do
   * those of the three below.
   */
  placeIntent: { enqueue(request: IntentRequest, time: Withdrawal): Promise<IntentResult> };
  /** Stores the intents of a list, as `placeIntent` that of an order. */
  placeListIntent: { enqueue(intent: ListIntent, time: Withdrawal): Promise<ListIntentResult> };
  /** Rejects an order that the exchange never had, and returns it as it is then. */
  refuseOrder: { enqueue(refused: RefusedOrder): Promise<Order> };
  /** Takes a step of an order by compare-and-set; false when the order has changed since it was read. */
  takeStep: { enqueue(step: Step): Promise<boolean> };
  /** Reads an order; undefined when there is none. */
  readOrder: { load(orderId: string): Promise<Order | undefined> };
  /** Waits for what any replica commits. */
  changes: ChangeWatch;
  /** Events that the bus has not accepted yet; a few seconds old at most. */
  outboxBacklog: () => OutboxBacklog;
};
