/** Holdings and gains as the contract shows them. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { PortfolioSchema, PositionSchema, RealizedGainSchema } from '#gen/outcry/portfolio/v1/portfolio_pb.ts';
import { CASH_SCALE, formatDecimal, PRICE_SCALE, QUANTITY_SCALE } from '#platform/money/decimal.ts';
import type { Gain } from '../../domain/book.ts';
import type { Holdings, Valuation, ValuedPosition } from '../../domain/valuation.ts';

const priceDecimalsMin = 2;

/** A valued portfolio. */
export function portfolioMessage(
  accountId: string,
  holdings: Holdings,
  valuation: Valuation,
): MessageInitShape<typeof PortfolioSchema> {
  return {
    accountId,
    cash: cash(valuation.cashCents),
    positions: valuation.positions.map(positionMessage),
    marketValue: cash(valuation.marketValueCents),
    equity: cash(valuation.equityCents),
    unrealizedPnl: cash(valuation.unrealizedCents),
    realizedPnl: cash(valuation.realizedCents),
    ledgerSequence: holdings.sequence,
  };
}

/** A sale's gain. */
export function gainMessage(gain: Gain): MessageInitShape<typeof RealizedGainSchema> {
  return {
    tradeId: gain.tradeId,
    symbol: gain.symbol,
    quantity: formatDecimal(gain.quantityMicros, QUANTITY_SCALE),
    proceeds: cash(gain.proceedsCents),
    cost: cash(gain.costCents),
    gain: cash(gain.gainCents),
    time: timestampFromMs(gain.timeMs),
  };
}

function positionMessage(position: ValuedPosition): MessageInitShape<typeof PositionSchema> {
  return {
    symbol: position.symbol,
    quantity: formatDecimal(position.quantityMicros, QUANTITY_SCALE),
    averageCost: price(position.averageCostMicros),
    cost: cash(position.costCents),
    lastPrice: position.lastPriceMicros === undefined ? '' : price(position.lastPriceMicros),
    marketValue: position.marketValueCents === undefined ? '' : cash(position.marketValueCents),
    unrealizedPnl: position.unrealizedCents === undefined ? '' : cash(position.unrealizedCents),
    realizedPnl: cash(position.realizedCents),
  };
}

function cash(cents: bigint): string {
  return formatDecimal(cents, CASH_SCALE);
}

function price(micros: bigint): string {
  return formatDecimal(micros, PRICE_SCALE, priceDecimalsMin);
}
