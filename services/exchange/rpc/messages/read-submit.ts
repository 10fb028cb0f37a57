/**
 * Reads the bytes of a SubmitRequest straight into commands. Nearly all requests are plain: known fields, well-formed orders. Those
 * are read here without a message, a bigint or a check of each text; all others are left to protobuf and `parseNewOrder`, which report
 * what is malformed.
 */
import { type OrderType, SelfTrade, type Side, TimeInForce } from '../../engine/model/codes.ts';
import type { SubmitCommand } from '../../engine/model/commands.ts';
import { NameCache } from './name-cache.ts';
import { termsViolation } from './order-terms.ts';
import type { Parsed } from './parse-item.ts';
import { readUuidV7TimeMs, uuidLength } from './uuid-bytes.ts';

const printable = String.fromCharCode(...Array.from({ length: 0x7e - 0x20 }, (_, i) => 0x21 + i));
const names = new NameCache(printable, 64);
const symbols = new NameCache('ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.', 12);

// A tag is the field's number times 8 and its wire type; from field 16 on it takes two bytes.
const ordersTag = 10;
const [varint, lengthDelimited] = [0, 2];
const fieldsMax = 22;
const [orderIdField, accountField, symbolField, groupField, sessionField] = [1, 2, 3, 10, 19];
const bad = -1;

/** The request that is read, and the position in it; one request is read at a time. */
let bytes: Buffer = Buffer.alloc(0);
let at = 0;
let idTimeMs = 0;
/** The fields of the order that is read, by field number. */
const numbers = new Float64Array(fieldsMax);
const texts = new Array<string>(fieldsMax).fill('');

/** The orders of a request, all of them well-formed; undefined when it has none, more than `max`, or one that is not plain. */
export function readSubmit(request: Buffer, max: number): Parsed<SubmitCommand>[] | undefined {
  bytes = request;
  at = 0;
  const orders: Parsed<SubmitCommand>[] = [];
  while (at < request.length) {
    if (request[at++] !== ordersTag || orders.length === max) return undefined;
    const end = readEnd(request.length);
    const command = end === bad ? undefined : readOrder(end);
    if (!command) return undefined;
    orders.push({ key: command.orderId, command });
  }
  return orders.length === 0 ? undefined : orders;
}

function readOrder(end: number): SubmitCommand | undefined {
  numbers.fill(0);
  texts[orderIdField] = texts[accountField] = texts[symbolField] = texts[groupField] = texts[sessionField] = '';
  while (at < end) {
    const first = bytes[at++]!;
    if (first > 127 && bytes[at++] !== 1) return undefined;
    const field = first > 127 ? 16 + ((first & 127) >>> 3) : first >>> 3;
    const type = first & 7;
    const isRead =
      type === varint ? readNumberField(field, end) : type === lengthDelimited && readTextField(field, end);
    if (!isRead) return undefined;
  }
  if (at !== end || texts[orderIdField] === '' || texts[accountField] === '' || texts[symbolField] === '')
    return undefined;
  const command = makeCommand();
  return termsViolation(command) ? undefined : command;
}

function makeCommand(): SubmitCommand {
  return {
    kind: 'submit',
    orderId: texts[orderIdField]!,
    idTimeMs,
    accountId: texts[accountField]!,
    symbol: texts[symbolField]!,
    side: numbers[4] as Side,
    type: numbers[5] as OrderType,
    timeInForce: (numbers[6] || TimeInForce.GTC) as TimeInForce,
    priceTicks: numbers[7]!,
    quantityLots: numbers[8]!,
    postOnly: numbers[9] === 1,
    slide: numbers[17] === 1,
    selfTradeGroup: texts[groupField]!,
    selfTrade: (numbers[11] || SelfTrade.CANCEL_NEWEST) as SelfTrade,
    stopPriceTicks: numbers[12]!,
    trailTicks: numbers[13]!,
    trailBps: numbers[14]!,
    displayLots: numbers[15]!,
    minimumLots: numbers[16]!,
    expireTimeMs: numbers[18]!,
    sessionId: texts[sessionField]!,
    withinBand: numbers[21] === 1,
    valueMax: numbers[20]!,
  };
}

/** Greatest value of each number field; beyond it protobuf may truncate. 0: not a number field. */
const numberMax = new Float64Array(fieldsMax);
for (const field of [4, 5, 6, 7, 8, 11, 12, 13, 14, 15, 16]) numberMax[field] = 2_147_483_647;
numberMax[9] = numberMax[17] = numberMax[21] = 1;
numberMax[18] = 2 ** 49;
numberMax[20] = Number.MAX_SAFE_INTEGER;

function readNumberField(field: number, end: number): boolean {
  if (field >= fieldsMax) return false;
  const value = readNumber(end);
  numbers[field] = value;
  return value !== bad && value <= numberMax[field]! && numberMax[field] !== 0;
}

function readTextField(field: number, limit: number): boolean {
  const end = readEnd(limit);
  if (end === bad) return false;
  const start = at;
  at = end;
  switch (field) {
    case orderIdField:
      idTimeMs = end - start === uuidLength ? readUuidV7TimeMs(bytes, start) : bad;
      texts[field] = idTimeMs === bad ? '' : bytes.toString('latin1', start, end);
      return idTimeMs !== bad;
    case accountField:
      return setText(field, names.read(bytes, start, end));
    case groupField:
    case sessionField:
      return setText(field, start === end ? '' : names.read(bytes, start, end));
    case symbolField:
      return setText(field, symbols.read(bytes, start, end));
    default:
      return false;
  }
}

function setText(field: number, text: string | undefined): boolean {
  if (text === undefined) return false;
  texts[field] = text;
  return true;
}

/** The end of the length-delimited field at this position; `bad` when it is past `limit`. */
function readEnd(limit: number): number {
  const length = readNumber(limit);
  const end = at + length;
  return length === bad || end > limit ? bad : end;
}

/** A varint of up to eight bytes, exact below 2^53; `bad` when it is longer or crosses `limit`. */
function readNumber(limit: number): number {
  let value = 0;
  for (let scale = 1; at < limit && scale <= 2 ** 49; scale *= 128) {
    const byte = bytes[at++]!;
    value += (byte & 127) * scale;
    if (byte < 128) return value;
  }
  return bad;
}
