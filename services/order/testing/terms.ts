import type { MessageInitShape } from '@bufbuild/protobuf';
import type { OrderTermsSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { OrderType, Side, TimeInForce } from '#gen/outcry/trading/v1/trading_pb.ts';

type TermsInit = MessageInitShape<typeof OrderTermsSchema>;

/** A limit order for ACME that may rest. */
export function limitTerms(
  side: 'buy' | 'sell',
  quantity: string,
  limitPrice: string,
  more: TermsInit = {},
): TermsInit {
  return {
    symbol: 'ACME',
    side: side === 'buy' ? Side.BUY : Side.SELL,
    type: OrderType.LIMIT,
    timeInForce: TimeInForce.GTC,
    size: { case: 'quantity', value: quantity },
    limitPrice,
    ...more,
  };
}

/** A market order for ACME. */
export function marketTerms(side: 'buy' | 'sell', quantity: string, more: TermsInit = {}): TermsInit {
  return {
    symbol: 'ACME',
    side: side === 'buy' ? Side.BUY : Side.SELL,
    type: OrderType.MARKET,
    size: { case: 'quantity', value: quantity },
    ...more,
  };
}

/** An order of any kind for ten shares of ACME. */
export function tenShares(type: OrderType, side: Side, more: TermsInit): TermsInit {
  return { symbol: 'ACME', type, side, size: { case: 'quantity', value: '10' }, ...more };
}
