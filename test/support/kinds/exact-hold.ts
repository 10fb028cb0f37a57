/** What an order must hold and have moved, by its own terms and fills: exact arithmetic of its own, in millionths. */
import { expect } from 'vitest';
import { parseDecimal } from '#platform/money/decimal.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { balancesOf, type Investor } from '../investor.ts';

/** An order as JSON, as far as kinds of order are concerned. */
export type KindOrder = {
  orderId: string;
  side: string;
  symbol: string;
  status: string;
  quantity: string;
  limitPrice: string;
  filledQuantity: string;
  waiting?: boolean;
  triggerTime?: string;
  cancelReason?: string;
  fees: string;
};

type Hold = { orderId: string; amount: string };
type Fill = { quantity: string; price: string; fee: string; maker?: boolean };

/** What an account had before its orders, in millionths, and the fees that it pays. */
export type Start = { symbol: string; cashMicros: bigint; sharesMicros: bigint; makerBps: bigint; takerBps: bigint };

const micros = (text: string | undefined) => parseDecimal(text || '0', 6);
const million = 1_000_000n;

/** Reads what the account has, with nothing open. */
export async function readStart(investor: Investor, symbol: string): Promise<Start> {
  const { cash, sharesOf } = await balancesOf(investor);
  const { user } = (await investor.call('UserService/GetProfile')) as {
    user: { conditions: { feePlan: { makerBps?: number; takerBps?: number } } };
  };
  const { makerBps = 0, takerBps = 0 } = user.conditions.feePlan;
  return {
    symbol,
    cashMicros: micros(cash?.total),
    sharesMicros: micros(sharesOf(symbol)?.total),
    makerBps: BigInt(makerBps),
    takerBps: BigInt(takerBps),
  };
}

/**
 * The order once it is as stated, and once the ledger has held, paid and freed for it and for the others of the account what their terms and
 * fills lead to, to the last millionth. All orders of the account must be among them.
 */
export async function expectHeld(investor: Investor, start: Start, orderIds: readonly string[]): Promise<void> {
  await eventually(async () => {
    const owed = { cash: start.cashMicros, shares: start.sharesMicros, heldCash: 0n, heldShares: 0n };
    const { holds = [] } = (await investor.call('LedgerService/ListHolds')) as { holds?: Hold[] };
    for (const orderId of orderIds) {
      const order = await readOrder(investor, orderId);
      const { fills = [] } = (await investor.call('OrderService/ListFills', { orderId, pageSize: 200 })) as {
        fills?: Fill[];
      };
      const effect = effectOf(order, fills, start);
      const held = holds.find((hold) => hold.orderId === orderId)?.amount;
      expect({ orderId, held: micros(held) }).toEqual({ orderId, held: effect.held });
      owed.cash += effect.cash;
      owed.shares += effect.shares;
      if (order.side === 'SIDE_BUY') owed.heldCash += effect.held;
      else owed.heldShares += effect.held;
    }
    const { cash, sharesOf } = await balancesOf(investor);
    const shares = sharesOf(start.symbol);
    expect({
      cash: micros(cash?.total),
      heldCash: micros(cash?.held),
      shares: micros(shares?.total),
      heldShares: micros(shares?.held),
    }).toEqual(owed);
  });
}

/** The order as its owner reads it. */
export async function readOrder(investor: Investor, orderId: string): Promise<KindOrder> {
  const { order } = (await investor.call('OrderService/GetOrder', { orderId })) as { order: KindOrder };
  return order;
}

function effectOf(order: KindOrder, fills: readonly Fill[], { makerBps, takerBps }: Start) {
  const worthOf = (some: readonly Fill[]) =>
    some.reduce((sum, { quantity, price }) => sum + (micros(quantity) * micros(price)) / million, 0n);
  const weighted =
    worthOf(fills.filter(({ maker }) => maker)) * makerBps + worthOf(fills.filter(({ maker }) => !maker)) * takerBps;
  const isSale = order.side === 'SIDE_SELL';
  const value = worthOf(fills);
  const filled = fills.reduce((sum, { quantity }) => sum + micros(quantity), 0n);
  const fee = fills.reduce((sum, fill) => sum + micros(fill.fee), 0n);
  expect([micros(order.filledQuantity), micros(order.fees), fee]).toEqual([filled, fee, toCent(weighted)]);
  const isOpen = order.status === 'ORDER_STATUS_OPEN' || order.status === 'ORDER_STATUS_PARTIALLY_FILLED';
  const rest = isOpen ? micros(order.quantity) - filled : 0n;
  const restValue = (rest * micros(order.limitPrice)) / million;
  const greatestBps = makerBps > takerBps ? makerBps : takerBps;
  const greatestFee = toCent(weighted + restValue * greatestBps);
  const heldCash = rest === 0n ? 0n : restValue + greatestFee - fee;
  return {
    held: isSale ? rest : heldCash,
    cash: isSale ? value - fee : -value - fee,
    shares: isSale ? -filled : filled,
  };
}

/** A fee of so many basis points of micros, up to the next cent. */
function toCent(weighted: bigint): bigint {
  const unit = 10_000n * 10_000n;
  return ((weighted + unit - 1n) / unit) * 10_000n;
}
