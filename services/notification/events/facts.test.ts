import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from 'vitest';
import { OrderOpenedSchema } from '#gen/outcry/order/v1/events_pb.ts';
import type { Order } from '#gen/outcry/order/v1/order_pb.ts';
import { OrderType, Side, TimeInForce } from '#gen/outcry/trading/v1/trading_pb.ts';
import { render } from '../domain/render.ts';
import { openedFact } from './facts.ts';

const { STOP, STOP_LIMIT, TRAILING_STOP, ICEBERG, LIMIT } = OrderType;

function messageOf(order: Partial<Omit<Order, '$typeName'>>) {
  const common = {
    symbol: 'ACME',
    side: Side.SELL,
    quantity: '10',
    limitPrice: '90.25',
    waiting: true,
    orderId: 'o-1',
  };
  const fact = openedFact(create(OrderOpenedSchema, { order: { ...common, ...order } }));
  if (fact === undefined) throw new Error('the event has no message');
  const { subject, text } = render(fact);
  return [subject, text.split('\n')[0]];
}

describe('the message of an order that waits', () => {
  it.each([
    [
      { type: STOP, stopPrice: '95.00' },
      'Order waits: sell 10 ACME, stop 95.00',
      'Your order waits outside of the book until a trade is at 95.00 or lower.',
    ],
    [
      { type: STOP_LIMIT, side: Side.BUY, stopPrice: '95.00', limitPrice: '96.00' },
      'Order waits: buy 10 ACME at 96.00, stop 95.00',
      'Your order waits outside of the book until a trade is at 95.00 or higher.',
    ],
    [
      { type: TRAILING_STOP, trailPercent: '1.5' },
      'Order waits: sell 10 ACME, trailing stop 1.5 % from the market',
      'Your order waits outside of the book until a trade reaches its stop price, which follows the market.',
    ],
    [
      { type: TRAILING_STOP, trailAmount: '2.00' },
      'Order waits: sell 10 ACME, trailing stop 2.00 from the market',
      'Your order waits outside of the book until a trade reaches its stop price, which follows the market.',
    ],
    [
      { type: LIMIT, timeInForce: TimeInForce.AT_CLOSE },
      'Order waits: sell 10 ACME at 90.25',
      'Your order waits outside of the book until the closing auction begins.',
    ],
  ])('says what it waits for: %o', (order, subject, line) => {
    expect(messageOf(order)).toEqual([subject, line]);
  });

  it('is followed by one that says it is in the book, as one that never waited has alone', () => {
    const triggerTime = timestampFromMs(5);
    const stop = { type: STOP_LIMIT, stopPrice: '95.00', waiting: false, triggerTime, version: 3n };
    expect(messageOf(stop)).toEqual([
      'Order open: sell 10 ACME at 90.25, stop 95.00',
      'What your order waited for has come: it is in the book.',
    ]);
    expect(messageOf({ type: ICEBERG, waiting: false })).toEqual([
      'Order open: sell 10 ACME at 90.25',
      'Your order is in the book.',
    ]);
  });
});
