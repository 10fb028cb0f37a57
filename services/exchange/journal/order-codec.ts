/**
 * An order in command format 2. A plain limit order takes its names, two bytes, and its price and quantity; a third byte lists the further
 * fields of other types, which follow it:
 *
 *     order id, account, symbol
 *     side (1 bit), self-trade mode (2), post-only, slide, has a group, has more, within the band
 *     time in force (3 bits), type (3)
 *     price, quantity
 *     [group] [which of the fields below] [stop price] [trail] [trail in bps] [display] [minimum] [expiry] [session] [value]
 */
import type { OrderType, SelfTrade, Side, TimeInForce } from '../engine/model/codes.ts';
import type { SubmitCommand } from '../engine/model/commands.ts';
import { uuidTimeMs } from '../engine/model/uuid.ts';
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';

const [postOnlyBit, slideBit, groupBit, moreBit, bandBit] = [8, 16, 32, 64, 128];
const [stopBit, trailBit, trailBpsBit, displayBit, minimumBit, expiryBit, sessionBit] = [1, 2, 4, 8, 16, 32, 64];
const valueBit = 128;

const key = new Uint32Array(4);

/** Appends an order. */
export function writeOrder(writer: ByteWriter, order: SubmitCommand): void {
  const { selfTradeGroup: group } = order;
  const more = moreOf(order);
  writer.text(order.orderId);
  writer.text(order.accountId);
  writer.text(order.symbol);
  const flags = (order.postOnly ? postOnlyBit : 0) | (order.slide ? slideBit : 0) | (order.withinBand ? bandBit : 0);
  const bits = flags | (group ? groupBit : 0);
  writer.byte((order.side - 1) | ((order.selfTrade - 1) << 1) | bits | (more ? moreBit : 0));
  writer.byte(order.timeInForce | (order.type << 3));
  writer.varint(order.priceTicks);
  writer.varint(order.quantityLots);
  if (group) writer.text(group);
  if (more === 0) return;
  writer.byte(more);
  if (more & stopBit) writer.varint(order.stopPriceTicks);
  if (more & trailBit) writer.varint(order.trailTicks);
  if (more & trailBpsBit) writer.varint(order.trailBps);
  if (more & displayBit) writer.varint(order.displayLots);
  if (more & minimumBit) writer.varint(order.minimumLots);
  if (more & expiryBit) writer.varint(order.expireTimeMs);
  if (more & sessionBit) writer.text(order.sessionId);
  if (more & valueBit) writer.varint(order.valueMax);
}

/** Reads an order. Throws RangeError when the order id is not a UUID or the bytes end too early. */
export function readOrder(reader: ByteReader): SubmitCommand {
  const orderId = reader.uuid(key);
  const idTimeMs = uuidTimeMs(key, 0);
  const accountId = reader.name();
  const symbol = reader.name();
  const bits = reader.byte();
  const codes = reader.byte();
  const priceTicks = reader.varint();
  const quantityLots = reader.varint();
  const selfTradeGroup = bits & groupBit ? reader.name() : '';
  const more = bits & moreBit ? reader.byte() : 0;
  return {
    kind: 'submit',
    orderId,
    idTimeMs,
    accountId,
    symbol,
    side: ((bits & 1) + 1) as Side,
    type: (codes >>> 3) as OrderType,
    timeInForce: (codes & 7) as TimeInForce,
    priceTicks,
    quantityLots,
    postOnly: (bits & postOnlyBit) !== 0,
    slide: (bits & slideBit) !== 0,
    selfTradeGroup,
    selfTrade: (((bits >>> 1) & 3) + 1) as SelfTrade,
    stopPriceTicks: more & stopBit ? reader.varint() : 0,
    trailTicks: more & trailBit ? reader.varint() : 0,
    trailBps: more & trailBpsBit ? reader.varint() : 0,
    displayLots: more & displayBit ? reader.varint() : 0,
    minimumLots: more & minimumBit ? reader.varint() : 0,
    expireTimeMs: more & expiryBit ? reader.varint() : 0,
    sessionId: more & sessionBit ? reader.text() : '',
    withinBand: (bits & bandBit) !== 0,
    valueMax: more & valueBit ? reader.varint() : 0,
  };
}

function moreOf(order: SubmitCommand): number {
  return (
    (order.stopPriceTicks && stopBit) |
    (order.trailTicks && trailBit) |
    (order.trailBps && trailBpsBit) |
    (order.displayLots && displayBit) |
    (order.minimumLots && minimumBit) |
    (order.expireTimeMs && expiryBit) |
    (order.sessionId ? sessionBit : 0) |
    (order.valueMax && valueBit)
  );
}
