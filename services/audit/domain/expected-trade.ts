import { type FrozenTerms, feeOfTrade } from './expected-order.ts';
import type { ShadowTrade } from './order-shadow.ts';

/** What the ledger's entry of a trade must say, by name. The terms are those that each order froze when it was placed. */
export function expectedTradeFact(
  trade: ShadowTrade,
  terms: { maker: FrozenTerms; taker: FrozenTerms },
): Record<string, string> {
  const { event } = trade;
  const [buys, sells] = event.maker.side === 'buy' ? (['maker', 'taker'] as const) : (['taker', 'maker'] as const);
  return {
    symbol: event.symbol,
    micros: String(event.lots * terms.maker.lotMicros),
    value_micros: String(event.lots * event.priceTicks * terms.maker.tickLotMicros),
    buyer: `${event[buys].accountId} ${event[buys].orderId}`,
    buyer_fee_micros: String(feeOfTrade(trade, buys, terms[buys])),
    seller: `${event[sells].accountId} ${event[sells].orderId}`,
    seller_fee_micros: String(feeOfTrade(trade, sells, terms[sells])),
    taker_side: event.taker.side,
  };
}
