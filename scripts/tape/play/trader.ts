/** Places and cancels the orders of a tape, each under a key that follows from the tape and the row. */
import type { JsonObject } from '../../../supervisor/index.ts';
import { formatPrice, formatQuantity } from '../format/row.ts';
import { type Call, UnansweredError, untilAnswered } from '../session.ts';
import { mayTrade, type PlannedOrder, type Step, type Trader } from './plan.ts';

/** What is left to say of the orders of a tape. */
export type TraderCounts = {
  placed: number;
  /** Orders that were refused, by reason. */
  refused: Map<string, number>;
  /** Orders that were placed at another time of the market than that of their row. */
  offTime: number;
};

/** The orders of one tape. */
export type TapeTrader = {
  readonly counts: TraderCounts;
  /** Places orders that rest; those that were placed before are found by their keys. */
  restore(orders: readonly PlannedOrder[]): Promise<void>;
  /** Carries out waves one after the other, of each the steps, of different symbols, at once; `timeMs` is what the clock shows. */
  carryOut(waves: readonly (readonly Step[])[], timeMs: number): Promise<void>;
  /** Cancels everything that the accounts have open. */
  cancelAll(): Promise<void>;
};

/** The most that one call may have. */
const itemsMax = 100;
// Canonical codes of what concerns the moment only: DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, ABORTED, UNAVAILABLE.
const momentaryCodes: ReadonlySet<unknown> = new Set([4, 8, 10, 14]);

type OrderJson = { orderId: string; status: string; createTime?: string; refusal?: { reason?: string } };
type Result = { order?: OrderJson; error?: { code?: number; reason?: string; message?: string } };

/** Trades through `calls` of both accounts. `tapeId` is the same for the same rows. */
export function createTapeTrader(calls: Record<Trader, Call>, tapeId: string, signal: AbortSignal): TapeTrader {
  const counts: TraderCounts = { placed: 0, refused: new Map(), offTime: 0 };
  /** Of the orders that rest. */
  const ids = new Map<string, string>();

  const place = async (trader: Trader, orders: readonly PlannedOrder[], timeMs?: number): Promise<Set<string>> => {
    const filled = new Set<string>();
    for (const part of partsOf(orders)) {
      const results = await resultsOf(
        calls[trader],
        'PlaceOrders',
        part,
        (missing) => ({
          orders: missing.map((order) => requestOf(order, tapeId)),
        }),
        signal,
      );
      for (const [index, { order, error }] of results.entries()) {
        const key = part[index]?.key ?? '';
        counts.placed += 1;
        const reason = error?.reason ?? order?.refusal?.reason;
        if (order === undefined || reason !== undefined) {
          const name = String(reason ?? error?.message).replace('ERROR_REASON_', '');
          counts.refused.set(name, (counts.refused.get(name) ?? 0) + 1);
          continue;
        }
        ids.set(key, order.orderId);
        if (order.status === 'ORDER_STATUS_FILLED') filled.add(key);
        if (timeMs !== undefined && Date.parse(order.createTime ?? '') !== timeMs) counts.offTime += 1;
      }
    }
    return filled;
  };
  const cancel = async (orders: readonly PlannedOrder[]): Promise<void> => {
    await Promise.all(
      (['maker', 'taker'] as const).map(async (trader) => {
        const open = orders.filter((order) => order.trader === trader && ids.has(order.key));
        const orderIds = (missing: readonly PlannedOrder[]) => ({ orderIds: missing.map(({ key }) => ids.get(key)) });
        for (const part of partsOf(open)) {
          // What is wrong with one is that it has ended already.
          await resultsOf(calls[trader], 'CancelOrders', part, orderIds, signal);
        }
        for (const { key } of open) ids.delete(key);
      }),
    );
  };
  return {
    counts,
    async restore(orders) {
      for (const trader of ['maker', 'taker'] as const) {
        await place(
          trader,
          orders.filter((order) => order.trader === trader),
        );
      }
    },
    async carryOut(waves, timeMs) {
      let brief: PlannedOrder[] = [];
      for (const steps of waves) {
        const ordersOf = (name: 'cancel' | 'make' | 'take') => steps.flatMap((step) => step[name]);
        // What is left of the wave before goes with what this one cancels, in one call.
        const old = [...brief, ...ordersOf('cancel')];
        const cancelled = cancel(old);
        // Where the new ones would not trade with the old ones, both calls may be under way at once: the outcome is the same.
        if (mayTrade(old, ordersOf('make'))) await cancelled;
        await Promise.all([cancelled, place('maker', ordersOf('make'), timeMs)]);
        const filled = await place('taker', ordersOf('take'), timeMs);
        for (const key of filled) ids.delete(key);
        brief = steps.flatMap((step) => step.brief);
      }
      await cancel(brief);
    },
    async cancelAll() {
      for (const call of Object.values(calls)) await call('outcry.order.v1.OrderService/CancelAllOrders', {});
      ids.clear();
    },
  };
}

/** The results of a call with an item each, repeated for those that failed by something that passes. */
async function resultsOf<Item>(
  call: Call,
  method: string,
  items: readonly Item[],
  requestOf: (items: readonly Item[]) => JsonObject,
  signal: AbortSignal,
): Promise<Result[]> {
  const results = new Map<Item, Result>();
  await untilAnswered(async () => {
    const missing = items.filter((item) => !results.has(item));
    const answer = await call(`outcry.order.v1.OrderService/${method}`, requestOf(missing));
    const answered = (answer.results ?? []) as Result[];
    for (const [index, item] of missing.entries()) {
      const result = answered[index];
      if (result !== undefined && !momentaryCodes.has(result.error?.code)) results.set(item, result);
    }
    if (results.size < items.length) throw new UnansweredError(`${method} is not answered for all items`);
  }, signal);
  return items.map((item) => results.get(item) ?? {});
}

function requestOf({ key, symbol, side, level }: PlannedOrder, tapeId: string): JsonObject {
  return {
    clientOrderId: `tape:${tapeId}:${key}`,
    terms: {
      symbol,
      side: side === 'buy' ? 'SIDE_BUY' : 'SIDE_SELL',
      type: 'ORDER_TYPE_LIMIT',
      // Not an order for the moment: that one is given up when the machine is busy, and a repeat would not trade.
      timeInForce: 'TIME_IN_FORCE_GTC',
      quantity: formatQuantity(level.quantity),
      limitPrice: formatPrice(level.price),
    },
  };
}

function partsOf<Item>(items: readonly Item[]): Item[][] {
  const count = Math.ceil(items.length / itemsMax);
  return Array.from({ length: count }, (_, index) => items.slice(index * itemsMax, (index + 1) * itemsMax));
}
