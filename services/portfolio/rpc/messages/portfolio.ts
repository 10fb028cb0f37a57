/** Holdings and gains as the contract shows them. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { PortfolioSchema, PositionSchema, RealizedGainSchema } from '#gen/outcry/portfolio/v1/portfolio_pb.ts';
import { formatCash, formatDecimal, PRICE_SCALE, QUANTITY_SCALE } from '#platform/money/decimal.ts';
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
    cash: cash(valuation.cashMicros),
    positions: valuation.positions.map(positionMessage),
    marketValue: cash(valuation.marketValueMicros),
    equity: cash(valuation.equityMicros),
    unrealizedPnl: cash(valuation.unrealizedMicros),
    realizedPnl: cash(valuation.realizedMicros),
    ledgerSequence: holdings.sequence,
  };
}

/** A sale's gain. */
export function gainMessage(gain: Gain): MessageInitShape<typeof RealizedGainSchema> {
  return {
    tradeId: gain.tradeId,
    symbol: gain.symbol,
    quantity: formatDecimal(gain.quantityMicros, QUANTITY_SCALE),
    proceeds: cash(gain.proceedsMicros),
    cost: cash(gain.costMicros),
    gain: cash(gain.gainMicros),
    time: timestampFromMs(gain.timeMs),
  };
}

function positionMessage(position: ValuedPosition): MessageInitShape<typeof PositionSchema> {
  return {
    symbol: position.symbol,
    quantity: formatDecimal(position.quantityMicros, QUANTITY_SCALE),
    averageCost: price(position.averageCostMicros),
    cost: cash(position.costMicros),
    lastPrice: position.lastPriceMicros === undefined ? '' : price(position.lastPriceMicros),
    marketValue: position.marketValueMicros === undefined ? '' : cash(position.marketValueMicros),
    unrealizedPnl: position.unrealizedMicros === undefined ? '' : cash(position.unrealizedMicros),
    realizedPnl: cash(position.realizedMicros),
  };
}

function cash(micros: bigint): string {
  return formatCash(micros);
}

function price(micros: bigint): string {
  return formatDecimal(micros, PRICE_SCALE, priceDecimalsMin);
}
