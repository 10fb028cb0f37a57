/** Lots as the contract shows them. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  LotMethod as LotMethodMessage,
  type LotSaleSchema,
  type LotSchema,
  type LotTotalSchema,
} from '#gen/outcry/portfolio/v1/portfolio_pb.ts';
import { formatCash, formatDecimal, PRICE_SCALE, QUANTITY_SCALE } from '#platform/money/decimal.ts';
import type { LotMethod, OwnLot } from '../../domain/lot.ts';
import type { CurrentMethod, LotTotal, SoldPiece } from '../../domain/lot-book.ts';
import { averageCostMicros } from '../../domain/position.ts';

const priceDecimalsMin = 2;
const quantity = (micros: bigint) => formatDecimal(micros, QUANTITY_SCALE);

const methods: Readonly<Record<LotMethod, LotMethodMessage>> = {
  fifo: LotMethodMessage.FIFO,
  lifo: LotMethodMessage.LIFO,
  hifo: LotMethodMessage.HIFO,
};

/** An open lot. */
export function lotMessage(lot: OwnLot): MessageInitShape<typeof LotSchema> {
  const left = { quantityMicros: lot.leftQuantityMicros, costMicros: lot.leftCostMicros };
  return {
    lotId: lot.lotId,
    symbol: lot.symbol,
    acquireTime: timestampFromMs(lot.acquireTimeMs),
    lastAcquireTime: timestampFromMs(lot.lastAcquireTimeMs),
    purchaseCount: lot.purchases,
    quantity: quantity(left.quantityMicros),
    cost: formatCash(left.costMicros),
    unitCost: formatDecimal(averageCostMicros(left), PRICE_SCALE, priceDecimalsMin),
    boughtQuantity: quantity(lot.quantityMicros),
    boughtCost: formatCash(lot.costMicros),
  };
}

/** What lots come to. */
export function lotTotalMessage(total: Omit<LotTotal, 'takenMicros'>): MessageInitShape<typeof LotTotalSchema> {
  return {
    quantity: quantity(total.quantityMicros),
    cost: formatCash(total.costMicros),
    realizedPnl: formatCash(total.realizedMicros),
  };
}

/** What a sale took from a lot. */
export function lotSaleMessage(sold: SoldPiece): MessageInitShape<typeof LotSaleSchema> {
  return {
    tradeId: sold.tradeId,
    symbol: sold.symbol,
    lotId: sold.lotId,
    acquireTime: timestampFromMs(sold.acquireTimeMs),
    lastAcquireTime: timestampFromMs(sold.lastAcquireTimeMs),
    saleTime: timestampFromMs(sold.timeMs),
    quantity: quantity(sold.quantityMicros),
    proceeds: formatCash(sold.proceedsMicros),
    cost: formatCash(sold.costMicros),
    gain: formatCash(sold.gainMicros),
    ledgerSequence: sold.sequence,
  };
}

/** A method with the place from which it holds. */
export function lotMethodMessage({ method, sinceSequence }: CurrentMethod) {
  return { method: methods[method], afterLedgerSequence: sinceSequence };
}

/** The method that a message names; undefined for none, or one of a later release. */
export function toLotMethod(message: LotMethodMessage): LotMethod | undefined {
  for (const method of ['fifo', 'lifo', 'hifo'] as const) if (methods[method] === message) return method;
  return undefined;
}
