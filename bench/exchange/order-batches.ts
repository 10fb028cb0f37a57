import { create, toBinary } from '@bufbuild/protobuf';
import { SubmitRequestSchema } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import { OrderType, Side, TimeInForce } from '#gen/outcry/trading/v1/trading_pb.ts';
import type { Random } from '../load/random.ts';
import { orderIdOf } from './order-numbers.ts';

/** Share of the orders that cross the spread. */
export const crossingShare = 0.3;

const middleTicks = 10_000;
const depthTicks = 20;
const throughTicks = 50;
const accountsASide = 100;
// 0.7 x 10 lots come to rest for every 0.3 x 23 that are taken, so that the depth of the books stays about the same.
const restingLots = 10;
const crossingLots = 23;

/** A source of encoded SubmitRequests. */
export type OrderBatches = {
  /** Number of orders made so far, which is the number of the next one. */
  readonly orderCount: number;
  /** The bytes of a SubmitRequest with `size` new orders. */
  next(size: number): Buffer;
};

/**
 * Makes requests: of 100 orders 70 rest within 20 ticks of the middle, and 30 are IOC at a price well through it, each of which
 * takes two or three of the others. An account only buys or only sells, so that none trades with itself.
 */
export function createOrderBatches({ random, symbols }: { random: Random; symbols: readonly string[] }): OrderBatches {
  const accounts = (side: number) => Array.from({ length: accountsASide }, (_, i) => orderIdOf(i, side));
  const buyers = accounts(Side.BUY);
  const sellers = accounts(Side.SELL);
  let orderCount = 0;
  const nextOrder = (timeMs: number) => {
    const buys = random.below(2) === 0;
    const crosses = random.next() < crossingShare;
    const away = crosses ? -throughTicks : 1 + random.below(depthTicks);
    return {
      orderId: orderIdOf(orderCount++, timeMs),
      accountId: (buys ? buyers : sellers)[random.below(accountsASide)],
      symbol: symbols[random.below(symbols.length)],
      side: buys ? Side.BUY : Side.SELL,
      type: OrderType.LIMIT,
      timeInForce: crosses ? TimeInForce.IOC : TimeInForce.GTC,
      priceTicks: BigInt(middleTicks + (buys ? -away : away)),
      quantityLots: BigInt(crosses ? crossingLots : restingLots),
    };
  };
  return {
    get orderCount() {
      return orderCount;
    },
    next(size) {
      const timeMs = Date.now();
      const orders = Array.from({ length: size }, () => nextOrder(timeMs));
      const bytes = toBinary(SubmitRequestSchema, create(SubmitRequestSchema, { orders }));
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    },
  };
}
