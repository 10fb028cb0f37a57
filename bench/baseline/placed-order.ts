/** What a load generator reads of an answer to PlaceOrder: decoding all of it would take more time than sending the next order. */
export type PlacedOrder = { orderId: string; status: number; isFilledPartly: boolean };

const orderField = 1;
const orderIdField = 1;
const statusField = 11;
const filledField = 12;
const varint = 0;
const fixed64 = 1;
const lengthDelimited = 2;
const fixed32 = 5;
const zero = 0x30;

/**
 * Reads `PlaceOrderResponse.order`.
 *
 * @throws RangeError for bytes that are no such message
 */
export function readPlacedOrder(bytes: Uint8Array): PlacedOrder {
  const placed = { orderId: '', status: 0, isFilledPartly: false };
  eachField(bytes, 0, bytes.length, (field, start, end) => {
    if (field !== orderField) return;
    eachField(bytes, start, end, (inner, from, to, value) => {
      if (inner === orderIdField)
        placed.orderId = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1');
      else if (inner === statusField) placed.status = value;
      // A decimal text without trailing zeros: "0" or empty when nothing is filled.
      else if (inner === filledField) placed.isFilledPartly = to > from && !(to === from + 1 && bytes[from] === zero);
    });
  });
  return placed;
}

type Visit = (field: number, start: number, end: number, value: number) => void;

function eachField(bytes: Uint8Array, start: number, end: number, visit: Visit): void {
  for (let position = start; position < end; ) {
    const tag = readVarint(bytes, position);
    const content = readContent(bytes, tag.next, tag.value & 7);
    if (content.end > end) throw new RangeError('a field goes beyond its message');
    visit(tag.value >>> 3, content.start, content.end, content.value);
    position = content.end;
  }
}

function readContent(bytes: Uint8Array, position: number, wireType: number) {
  switch (wireType) {
    case varint: {
      const { value, next } = readVarint(bytes, position);
      return { start: position, end: next, value };
    }
    case fixed64:
      return { start: position, end: position + 8, value: 0 };
    case lengthDelimited: {
      const { value, next } = readVarint(bytes, position);
      return { start: next, end: next + value, value: 0 };
    }
    case fixed32:
      return { start: position, end: position + 4, value: 0 };
    default:
      throw new RangeError(`wire type ${wireType}`);
  }
}

// Exact below 2^53, which is enough for lengths and enumerations.
function readVarint(bytes: Uint8Array, position: number): { value: number; next: number } {
  let value = 0;
  for (let factor = 1, next = position; next < bytes.length; factor *= 128) {
    const byte = bytes[next++] as number;
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) return { value, next };
  }
  throw new RangeError('the message ends inside a number');
}
