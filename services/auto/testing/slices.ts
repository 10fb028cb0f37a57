/** What tests of slices share. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import { durationFromMs } from '@bufbuild/protobuf/wkt';
import { SliceAlgorithm } from '#gen/outcry/auto/v1/auto_pb.ts';
import type { OrderTerms, OrderTermsSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { OrderType, Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import type { TermsInit } from './start-auto.ts';

/** What a test says of a slice. */
export type SliceInit = {
  quantity?: string;
  durationMs?: number;
  orderCount?: number;
  algorithm?: SliceAlgorithm;
  maxPercent?: string;
  limitPrice?: string;
  /** Other terms of the order. */
  order?: OrderInit;
};

type OrderInit = Exclude<MessageInitShape<typeof OrderTermsSchema>, OrderTerms>;

/** Terms of a buy of ACME in slices that begins at once: 10 shares in 4 orders over 40 s, evenly, unless said otherwise. */
export function inSlices(init: SliceInit = {}): TermsInit {
  const { quantity = '10', durationMs = 40_000, orderCount = 4, limitPrice = '', maxPercent = '' } = init;
  const order = {
    symbol: 'ACME',
    side: Side.BUY,
    type: limitPrice === '' ? OrderType.MARKET : OrderType.LIMIT,
    size: { case: 'quantity', value: quantity },
    limitPrice,
    ...init.order,
  } as const;
  const { algorithm = SliceAlgorithm.TWAP } = init;
  const slice = { order, algorithm, duration: durationFromMs(durationMs), orderCount, maxPercent };
  return { name: 'large', trigger: { case: 'once', value: {} }, action: { case: 'slice', value: slice } };
}
