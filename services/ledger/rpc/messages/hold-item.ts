import type { AmendItem, HoldItem } from '#gen/outcry/ledger/v1/internal_pb.ts';
import { Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { isUuidV7 } from '#platform/ids/uuid-v7.ts';
import { feeBpsMax } from '#platform/money/fees.ts';
import { amountMax, gridMax, tickLotMax } from '#platform/money/grid.ts';
import type { HoldRequest } from '../../domain/admit-hold.ts';
import type { AmendRequest } from '../../domain/amend-hold.ts';
import { isSymbol } from '../../domain/asset.ts';

/** A hold that cannot be read, with the field at fault. */
export type MalformedHold = { malformed: { field: string; description: string } };

/** Reads one item, or says which field is malformed. */
export function readHoldItem(item: HoldItem): HoldRequest | MalformedHold {
  const field = findMalformed(item);
  if (field) return malformed(field);
  return {
    orderId: item.orderId,
    terms: {
      accountId: item.accountId,
      symbol: item.symbol,
      side: item.side === Side.BUY ? 'buy' : 'sell',
      lots: item.quantityLots,
      priceTicks: item.priceTicks,
      tickLotMicros: item.tickLotMicros,
      lotMicros: item.lotMicros,
      makerBps: item.makerBps,
      takerBps: item.takerBps,
      amountMicros: item.amountMicros === 0n ? undefined : item.amountMicros,
    },
    positionMaxMicros: positionLimitOf(item),
  };
}

/** Reads what an order may become, or says which field is malformed. */
export function readAmendItem(item: AmendItem): AmendRequest | MalformedHold {
  const { orderId, accountId, number, commandId, quantityLots: lots, priceTicks, positionLimitMicros } = item;
  if (!isUuidV7(orderId)) return malformed('order_id');
  if (!isUuidV7(accountId)) return malformed('account_id');
  if (number < 1) return malformed('number');
  if (!/^[\x21-\x7e]{1,64}$/.test(commandId)) return malformed('command_id');
  if (lots < 1n || lots > gridMax) return malformed('quantity_lots');
  if (priceTicks < 1n || priceTicks > gridMax) return malformed('price_ticks');
  if (positionLimitMicros !== undefined && positionLimitMicros < 0n) return malformed('position_limit_micros');
  return { orderId, accountId, number, commandId, lots, priceTicks, positionMaxMicros: positionLimitMicros };
}

/** A field that cannot be read. */
export function malformed(field: string): MalformedHold {
  return { malformed: { field, description: 'is missing, malformed or out of range' } };
}

// The field that releases before this one fill cannot say a limit of 0, and says with 0 that there is none.
function positionLimitOf({ positionLimitMicros, positionMaxMicros }: HoldItem): bigint | undefined {
  return positionLimitMicros ?? (positionMaxMicros === 0n ? undefined : positionMaxMicros);
}

function findMalformed(item: HoldItem): string | undefined {
  if (!isUuidV7(item.orderId)) return 'order_id';
  if (!isUuidV7(item.accountId)) return 'account_id';
  if (!isSymbol(item.symbol)) return 'symbol';
  if (item.side !== Side.BUY && item.side !== Side.SELL) return 'side';
  if (item.quantityLots < 1n || item.quantityLots > gridMax) return 'quantity_lots';
  if (item.priceTicks < 1n || item.priceTicks > gridMax) return 'price_ticks';
  if (item.tickLotMicros < 1n || item.tickLotMicros > tickLotMax) return 'tick_lot_micros';
  // No quantity may be more than the ledger can count.
  if (item.lotMicros < 1n || item.lotMicros * item.quantityLots > amountMax) return 'lot_micros';
  if (item.amountMicros < 0n || item.amountMicros > amountMax) return 'amount_micros';
  if (item.amountMicros > 0n && item.side !== Side.BUY) return 'amount_micros';
  if (item.makerBps > feeBpsMax) return 'maker_bps';
  if (item.takerBps > feeBpsMax) return 'taker_bps';
  if (item.positionMaxMicros < 0n) return 'position_max_micros';
  if (item.positionLimitMicros !== undefined && item.positionLimitMicros < 0n) return 'position_limit_micros';
  return undefined;
}
