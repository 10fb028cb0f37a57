/** Maps items of requests to commands. A malformed item is rejected with the name of the field. */
import type { CancelItem, ReplaceItem, VoidItem } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import { uuidV7TimeMs } from '#platform/ids/uuid-v7.ts';
import type { CancelCommand, ReplaceCommand, VoidCommand } from '../../engine/model/commands.ts';
import {
  type FieldCheck,
  firstViolation,
  isAccount,
  isCommandId,
  isInt32,
  isOrderId,
  isSymbol,
  type Violation,
} from './fields.ts';
import { timeMsMax, trailBpsMax } from './order-terms.ts';

/** Greatest number of items in one call. */
export const itemsMax = 500;

/** The command of an item, or the violation that makes it malformed. */
export type Parsed<C> = { key: string } & ({ command: C; violation?: undefined } | { violation: Violation });

/** Parses an item of Cancel. */
export function parseCancel({ commandId, orderId, accountId, symbol }: CancelItem): Parsed<CancelCommand> {
  const fields = [isCommandId(commandId), isOrderId(orderId), isAccount(accountId), isSymbol(symbol)];
  const violation = firstViolation(fields);
  if (violation) return { key: commandId, violation };
  return { key: commandId, command: { kind: 'cancel', commandId, orderId, accountId, symbol } };
}

/** Parses an item of Replace. */
export function parseReplace(item: ReplaceItem): Parsed<ReplaceCommand> {
  const { commandId, orderId, accountId, symbol, expectedRevision } = item;
  const violation = firstViolation([
    isCommandId(commandId),
    isOrderId(orderId),
    isAccount(accountId),
    isSymbol(symbol),
    [expectedRevision >= 1, 'expected_revision', 'must be 1 or more'],
    isInt32(item.priceTicks, 'price_ticks'),
    isInt32(item.quantityLots, 'quantity_lots'),
    item.stopPriceTicks === 0n ? [true, 'stop_price_ticks', ''] : isInt32(item.stopPriceTicks, 'stop_price_ticks'),
    ...trailAndExpiryChecks(item),
  ]);
  if (violation) return { key: commandId, violation };
  const [priceTicks, quantityLots] = [Number(item.priceTicks), Number(item.quantityLots)];
  const trail = { trailTicks: Number(item.trailTicks), trailBps: item.trailBps };
  const others = { stopPriceTicks: Number(item.stopPriceTicks), ...trail, expireTimeMs: Number(item.expireTimeMs) };
  const terms = { expectedRevision, priceTicks, quantityLots, ...others };
  return { key: commandId, command: { kind: 'replace', commandId, orderId, accountId, symbol, ...terms } };
}

function trailAndExpiryChecks({ trailTicks, trailBps, expireTimeMs }: ReplaceItem): FieldCheck[] {
  const noBoth = trailTicks === 0n || trailBps === 0;
  return [
    trailTicks === 0n ? [true, 'trail_ticks', ''] : isInt32(trailTicks, 'trail_ticks'),
    [trailBps <= trailBpsMax, 'trail_bps', `must be 1 to ${trailBpsMax}`],
    [noBoth, 'trail_bps', 'does not go with trail_ticks'],
    [
      expireTimeMs >= 0n && expireTimeMs <= BigInt(timeMsMax),
      'expire_time_ms',
      'must be a time in milliseconds since 1970, until the year 9999',
    ],
  ];
}

/** Parses an item of Void. */
export function parseVoid({ orderId, accountId, symbol }: VoidItem): Parsed<VoidCommand> {
  const violation = firstViolation([isOrderId(orderId), isAccount(accountId), isSymbol(symbol)]);
  if (violation) return { key: orderId, violation };
  return { key: orderId, command: { kind: 'void', orderId, idTimeMs: uuidV7TimeMs(orderId), accountId, symbol } };
}
