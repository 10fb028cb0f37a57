/** Places and cancels the orders of a tape, each under a key that follows from the tape and the row. */
import type { JsonObject } from '../../../supervisor/index.ts';
import { formatPrice, formatQuantity } from '../format/row.ts';
import { type Call, UnansweredError, untilAnswered } from '../session.ts';
import type { PlannedOrder, Step, Trader } from './plan.ts';
import { type Change, roundsOf } from './rounds.ts';

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
  /** Carries out the steps of waves, those of a book in their sequence; `timeMs` is what the clock shows. */
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
type ChangeJson = { cancels?: Result[]; placings?: Result[] };

/** Trades through `calls` of both accounts. `tapeId` is the same for the same rows. */
export function createTapeTrader(calls: Record<Trader, Call>, tapeId: string, signal: AbortSignal): TapeTrader {
  const counts: TraderCounts = { placed: 0, refused: new Map(), offTime: 0 };
  /** Of the orders that rest. */
  const ids = new Map<string, string>();

  /** Makes changes of one account; returns what they placed for the moment that has not traded whole. */
  const change = async (trader: Trader, changes: readonly Change[], timeMs?: number): Promise<Change[]> => {
    const left: Change[] = [];
    for (const part of partsOf(changes)) {
      const results = await resultsOf(
        calls[trader],
        { changes: part.map((one) => requestOf(one, { ids, tapeId })) },
        signal,
      );
      for (const [index, { symbol, cancel, place, isBrief }] of part.entries()) {
        for (const { key } of cancel) ids.delete(key);
        const unfilled = place.filter((order, at) => !isFilled(note(order, results[index]?.placings?.[at], timeMs)));
        if (isBrief && unfilled.length > 0) left.push({ symbol, cancel: unfilled, place: [], isBrief: false });
        if (isBrief) for (const { key } of place) if (!unfilled.some((order) => order.key === key)) ids.delete(key);
      }
    }
    return left;
  };
  const note = ({ key }: PlannedOrder, { order, error }: Result = {}, timeMs?: number): OrderJson | undefined => {
    counts.placed += 1;
    const reason = error?.reason ?? order?.refusal?.reason;
    if (order === undefined || reason !== undefined) {
      const name = String(reason ?? error?.message).replace('ERROR_REASON_', '');
      counts.refused.set(name, (counts.refused.get(name) ?? 0) + 1);
      return undefined;
    }
    ids.set(key, order.orderId);
    if (timeMs !== undefined && Date.parse(order.createTime ?? '') !== timeMs) counts.offTime += 1;
    return order;
  };
  return {
    counts,
    async restore(orders) {
      for (const trader of ['maker', 'taker'] as const) {
        const own = orders.filter((order) => order.trader === trader);
        await change(
          trader,
          own.map((order) => ({ symbol: order.symbol, cancel: [], place: [order], isBrief: false })),
        );
      }
    },
    async carryOut(waves, timeMs) {
      for (const { trader, changes } of roundsOf(waves)) {
        const left = await change(trader, changes, timeMs);
        if (left.length > 0) await change(trader, left);
      }
    },
    async cancelAll() {
      for (const call of Object.values(calls)) await call('outcry.order.v1.OrderService/CancelAllOrders', {});
      ids.clear();
    },
  };
}

function isFilled(order: OrderJson | undefined): boolean {
  return order?.status === 'ORDER_STATUS_FILLED';
}

/** The results of changes; the call is repeated, under the same keys, for as long as something fails that passes. */
async function resultsOf(call: Call, request: JsonObject, signal: AbortSignal): Promise<ChangeJson[]> {
  let results: ChangeJson[] = [];
  await untilAnswered(async () => {
    const answer = await call('outcry.order.v1.OrderService/ChangeOrders', request);
    results = (answer.results ?? []) as ChangeJson[];
    const items = results.flatMap(({ cancels = [], placings = [] }) => [...cancels, ...placings]);
    if (items.some(({ error }) => momentaryCodes.has(error?.code))) {
      throw new UnansweredError('ChangeOrders is not answered for all orders');
    }
  }, signal);
  return results;
}

function requestOf(
  { symbol, cancel, place }: Change,
  { ids, tapeId }: { ids: ReadonlyMap<string, string>; tapeId: string },
): JsonObject {
  const nameOf = (key: string): JsonObject => {
    const orderId = ids.get(key);
    // One that the same call places has no id yet.
    return orderId === undefined ? { clientOrderId: `tape:${tapeId}:${key}` } : { orderId };
  };
  return {
    symbol,
    cancels: cancel.map(({ key }) => nameOf(key)),
    placings: place.map((order) => placingOf(order, tapeId)),
  };
}

function placingOf({ key, symbol, side, level }: PlannedOrder, tapeId: string): JsonObject {
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

/** Changes in parts that one call may have, in their sequence. */
function partsOf(changes: readonly Change[]): Change[][] {
  const parts: Change[][] = [];
  let items = itemsMax;
  for (const change of changes) {
    items += change.cancel.length + change.place.length;
    if (items > itemsMax) {
      parts.push([]);
      items = change.cancel.length + change.place.length;
    }
    parts.at(-1)?.push(change);
  }
  return parts;
}
