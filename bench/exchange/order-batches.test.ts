import { fromBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { SubmitRequestSchema } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import { Side, TimeInForce } from '#gen/outcry/trading/v1/trading_pb.ts';
import { isUuidV7, uuidV7TimeMs } from '#platform/ids/uuid-v7.ts';
import { createRandom } from '../load/random.ts';
import { createOrderBatches, crossingShare } from './order-batches.ts';
import { numberOf } from './order-numbers.ts';

function makeOrders(count: number) {
  const batches = createOrderBatches({ random: createRandom(1), symbols: ['AA', 'BB'] });
  return Array.from({ length: count / 100 }, () => fromBinary(SubmitRequestSchema, batches.next(100)).orders).flat();
}

describe('createOrderBatches', () => {
  it('numbers the orders in ids of this moment', () => {
    const orders = makeOrders(300);
    expect(orders.map(({ orderId }) => numberOf(orderId))).toEqual(Array.from({ length: 300 }, (_, i) => i));
    expect(orders.every(({ orderId }) => isUuidV7(orderId))).toBe(true);
    expect(Math.abs(uuidV7TimeMs(orders[0]?.orderId ?? '') - Date.now())).toBeLessThan(10_000);
  });

  it('lets the stated share cross, with as many lots as rest', () => {
    const orders = makeOrders(20_000);
    const crossing = orders.filter(({ timeInForce }) => timeInForce === TimeInForce.IOC);
    expect(crossing.length / orders.length).toBeCloseTo(crossingShare, 1);
    const lots = (of: typeof orders) => of.reduce((sum, { quantityLots }) => sum + Number(quantityLots), 0);
    expect(lots(crossing) / (lots(orders) - lots(crossing))).toBeCloseTo(1, 1);
  });

  it('has accounts that buy and others that sell', () => {
    const orders = makeOrders(2_000);
    const accountsOf = (wanted: Side) =>
      new Set(orders.filter(({ side }) => side === wanted).map(({ accountId }) => accountId));
    expect(accountsOf(Side.BUY).isDisjointFrom(accountsOf(Side.SELL))).toBe(true);
  });
});
