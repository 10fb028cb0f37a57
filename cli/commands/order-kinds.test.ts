import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { OrderTermsSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { OrderType, SelfTradePrevention, Side, TimeInForce } from '#gen/outcry/trading/v1/trading_pb.ts';
import { Input } from '../input/input.ts';
import { isForTheMoment } from '../journal/keyed-rpcs.ts';
import { kindOptions, readKindTerms } from './order-kinds.ts';

const order = { symbol: 'ACME', side: Side.SELL, size: { case: 'quantity', value: '5' } } as const;
const { STOP, STOP_LIMIT, TRAILING_STOP, ICEBERG, LIMIT, MARKET } = OrderType;

function termsOf(options: Record<string, string | boolean>) {
  return readKindTerms(new Input([], options), { ...order });
}

describe('readKindTerms', () => {
  it.each<[Record<string, string | boolean>, object]>([
    [{}, { type: MARKET, timeInForce: TimeInForce.UNSPECIFIED }],
    [{ limit: '10.50' }, { type: LIMIT, limitPrice: '10.50' }],
    [
      { limit: '10.50', tif: 'at-close' },
      { type: LIMIT, timeInForce: TimeInForce.AT_CLOSE },
    ],
    [{ stop: '9' }, { type: STOP, stopPrice: '9', limitPrice: '' }],
    [
      { stop: '9', worst: '8' },
      { type: STOP, stopPrice: '9', limitPrice: '8' },
    ],
    [
      { stop: '9', limit: '8.5', tif: 'fok' },
      { type: STOP_LIMIT, limitPrice: '8.5', timeInForce: TimeInForce.FOK },
    ],
    [{ trail: '2.50' }, { type: TRAILING_STOP, trail: { case: 'trailAmount', value: '2.50' } }],
    [
      { trail: '1.5%', worst: '8' },
      { type: TRAILING_STOP, trail: { case: 'trailPercent', value: '1.5' }, limitPrice: '8' },
    ],
    [
      { limit: '10', display: '2' },
      { type: ICEBERG, displayQuantity: '2' },
    ],
    [
      { limit: '10', min: '3' },
      { type: LIMIT, minimumQuantity: '3' },
    ],
    [
      { limit: '10', 'post-only': true },
      { postOnly: true, slide: false },
    ],
    [
      { limit: '10', slide: true },
      { postOnly: true, slide: true },
    ],
    [{ limit: '10', 'self-trade': 'decrement' }, { selfTradePrevention: SelfTradePrevention.DECREMENT }],
    [
      { limit: '10', expire: '2026-12-24T18:00:00.5+01:00' },
      { timeInForce: TimeInForce.GTD, expireTime: { seconds: 1_798_131_600n, nanos: 500_000_000 } },
    ],
  ])('makes of %o the terms of one kind', (options, expected) => {
    expect(termsOf(options)).toMatchObject({ ...order, ...expected });
  });

  it.each([
    [{ stop: '9', trail: '1' }, '--stop or --trail'],
    [{ trail: '1', limit: '8' }, '--worst, not with --limit'],
    [{ worst: '9' }, '--worst goes with'],
    [{ stop: '9', limit: '8', worst: '7' }, '--worst goes with'],
    [{ display: '2' }, '--display goes with'],
    [{ stop: '9', limit: '8', display: '2' }, '--display goes with'],
    [{ 'post-only': true }, 'need --limit'],
    [{ slide: true }, 'need --limit'],
    [{ min: '2' }, 'need --limit'],
    [{ trail: 'x%' }, 'decimal'],
    [{ tif: 'later' }, '--tif is one of'],
    [{ expire: 'tomorrow' }, '--expire is to be'],
    [{ expire: '2026-12-24T18:00:00' }, '--expire is to be'],
  ])('refuses %o, which no order can be', (options, message) => {
    expect(() => termsOf(options as Record<string, string | boolean>)).toThrow(message);
  });

  it('knows an option for each term of the contract', () => {
    const options = kindOptions.map(({ name }) => name);
    const given = ['symbol', 'side', 'type', 'quantity'];
    const optionOf: Record<string, string> = {
      time_in_force: 'tif',
      amount: 'amount',
      limit_price: 'limit',
      post_only: 'post-only',
      stop_price: 'stop',
      trail_amount: 'trail',
      trail_percent: 'trail',
      display_quantity: 'display',
      minimum_quantity: 'min',
      slide: 'slide',
      expire_time: 'expire',
      self_trade_prevention: 'self-trade',
      session_id: 'session',
    };
    const fields = OrderTermsSchema.fields.map(({ name }) => name).filter((name) => !given.includes(name));
    expect(fields.filter((name) => !options.includes(optionOf[name] ?? ''))).toEqual([]);
  });
});

describe('isForTheMoment', () => {
  it('is true of what trades at once or never, and of no order that waits first', () => {
    const of = (type: OrderType, timeInForce: TimeInForce) =>
      isForTheMoment(create(OrderTermsSchema, { type, timeInForce, size: { case: 'quantity', value: '1' } }));
    expect([of(MARKET, TimeInForce.UNSPECIFIED), of(LIMIT, TimeInForce.IOC), of(LIMIT, TimeInForce.FOK)]).toEqual([
      ...[true, true, true],
    ]);
    expect([of(STOP_LIMIT, TimeInForce.IOC), of(STOP, TimeInForce.GTC), of(LIMIT, TimeInForce.DAY)]).toEqual([
      ...[false, false, false],
    ]);
  });
});
