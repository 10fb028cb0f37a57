import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SubmitRequestSchema } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { parseNewOrder } from './parse-order.ts';
import { readPlainSubmit } from './plain-submit.ts';
import { readSubmit } from './read-submit.ts';

type Orders = MessageInitShape<typeof SubmitRequestSchema>['orders'];

/** Mostly what is well-formed, now and then anything. */
const mostly = <T>(...values: T[]) => fc.constantFrom(...values);
const rarely = <T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 30, arbitrary: usual }, { weight: 1, arbitrary: odd });
const anyLong = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const edges = mostly(0n, 1n, 2n ** 31n - 1n, 2n ** 31n, 2n ** 32n + 5n, 2n ** 53n, -1n);
const lots = (usual: fc.Arbitrary<bigint>) => rarely(usual, fc.oneof(anyLong, edges));
const positive = fc.bigInt({ min: 1n, max: 1_000_000n });
const optional = (arbitrary: fc.Arbitrary<bigint>) =>
  lots(fc.oneof({ weight: 6, arbitrary: fc.constant(0n) }, arbitrary));
const code = (max: number) => rarely(fc.integer({ min: 0, max }), fc.integer({ min: -5, max: 2 ** 31 - 1 }));
const text = fc.oneof(fc.string(), fc.string({ unit: 'grapheme', maxLength: 90 }));
const ids = fc.nat({ max: 2 ** 45 }).map((timeMs) => uuidV7(timeMs));
const oddIds = ids.chain((id) =>
  fc.oneof(text, mostly(id.toUpperCase(), id.replace('-7', '-4'), `${id} `, id.slice(1))),
);

const anyOrder = fc.record({
  orderId: rarely(ids, oddIds),
  accountId: rarely(fc.oneof(ids, mostly('a', 'b~', '!'.repeat(64))), text),
  symbol: rarely(mostly('ACME', 'BRK.B', 'A', '0123456789AB'), text),
  side: rarely(fc.integer({ min: 1, max: 2 }), code(3)),
  type: rarely(mostly(2, 2, 2, 3, 4, 5, 6), code(8)),
  timeInForce: rarely(mostly(0, 1, 1, 3, 4), code(9)),
  priceTicks: lots(positive),
  quantityLots: lots(positive),
  postOnly: rarely(fc.constant(false), fc.boolean()),
  selfTradeGroup: rarely(mostly('', 'desk'), text),
  selfTradePrevention: code(4),
  stopPriceTicks: optional(positive),
  trailTicks: optional(positive),
  trailBps: rarely(fc.constant(0), fc.nat(2 ** 31 - 1)),
  displayLots: optional(positive),
  minimumLots: optional(positive),
  slide: rarely(fc.constant(false), fc.boolean()),
  expireTimeMs: optional(fc.bigInt({ min: 1n, max: 253_402_300_800_000n })),
  sessionId: rarely(mostly('', 's'), text),
  withinBand: rarely(fc.constant(false), fc.boolean()),
  valueMax: optional(fc.bigInt({ min: 1n, max: 2n ** 53n })),
});
const terms = fc.oneof(
  fc.constantFrom({ type: 2, timeInForce: 0 }, { type: 2, timeInForce: 3 }, { type: 2, postOnly: true, slide: true }),
  fc.constantFrom({ type: 2, minimumLots: 1n }, { type: 6, displayLots: 5_000n }, { type: 3, stopPriceTicks: 9n }),
  fc.constantFrom(
    { type: 4, stopPriceTicks: 2n ** 31n - 1n },
    { type: 5, trailBps: 9_999 },
    { type: 5, trailTicks: 7n },
  ),
  fc.constantFrom({ type: 2, timeInForce: 6, expireTimeMs: 253_402_300_799_999n }, { type: 2, timeInForce: 4 }),
  fc.constantFrom(
    { type: 2, timeInForce: 3, expireTimeMs: 1_800_000_000_000n },
    { type: 2, timeInForce: 4, expireTimeMs: 1n },
    { type: 2, timeInForce: 4, withinBand: true, valueMax: 2n ** 53n - 1n },
    { type: 2, timeInForce: 5, valueMax: 1n },
    { type: 2, timeInForce: 5, withinBand: true },
  ),
);
const named = fc.record({
  orderId: ids,
  accountId: fc.oneof(ids, mostly('a', 'b~', '!'.repeat(64))),
  symbol: mostly('ACME', 'BRK.B', 'A', '0123456789AB'),
  selfTradeGroup: mostly('', 'desk'),
  sessionId: mostly('', 's'),
  side: mostly(1, 2),
  priceTicks: fc.oneof(positive, fc.constant(2n ** 31n - 1n)),
  selfTradePrevention: fc.integer({ min: 0, max: 4 }),
});
const wellFormed = fc.tuple(named, terms).map(([names, rest]) => ({ ...names, ...rest, quantityLots: 5_000n }));
const orders = fc.oneof({ weight: 12, arbitrary: wellFormed }, { weight: 1, arbitrary: anyOrder });
const requests = fc.array(orders, { maxLength: 6 }).map((list) => {
  const message = create(SubmitRequestSchema, { orders: list as Orders });
  return Buffer.from(toBinary(SubmitRequestSchema, message));
});

/** What protobuf and the checks of single items make of the bytes; undefined when they are not a request of commands alone. */
function readSlowly(bytes: Buffer) {
  try {
    const { orders } = fromBinary(SubmitRequestSchema, bytes, { readUnknownFields: false });
    const parsed = orders.map(parseNewOrder);
    return parsed.length === 0 || parsed.some(({ violation }) => violation) ? undefined : parsed;
  } catch {
    return undefined;
  }
}

/** Something done to bytes: cut, changed, repeated, or with fields from elsewhere put in between. */
const damages = fc.array(
  fc.record({
    kind: mostly('cut', 'flip', 'insert', 'repeat', 'byte'),
    place: fc.nat(),
    value: fc.nat(255),
    bytes: fc.uint8Array({ maxLength: 12 }),
  }),
  { minLength: 1, maxLength: 3 },
);

function damage(bytes: Buffer, list: typeof damages extends fc.Arbitrary<infer T> ? T : never): Buffer {
  return list.reduce((before, { kind, place, value, bytes }) => {
    const at = place % (before.length + 1);
    const changed = Buffer.from(before);
    if (kind === 'cut') return changed.subarray(0, at);
    if (kind === 'insert') return Buffer.concat([changed.subarray(0, at), bytes, changed.subarray(at)]);
    if (kind === 'repeat') return Buffer.concat([changed, changed.subarray(0, at)]);
    if (at < changed.length) changed[at] = kind === 'flip' ? (changed[at] as number) ^ (1 << (value % 8)) : value;
    return changed;
  }, bytes);
}

describe('readSubmit', () => {
  it('reads all requests of well-formed orders as protobuf and the checks of single orders do, and no other', () => {
    let read = 0;
    fc.assert(
      fc.property(requests, (bytes) => {
        const orders = readSubmit(bytes, 500);
        if (orders) read++;
        expect(orders).toEqual(readSlowly(bytes));
      }),
      { numRuns: 5_000 },
    );
    expect(read).toBeGreaterThan(1_000);
  });

  it('reads damaged bytes as they do, or leaves them to them', () => {
    fc.assert(
      fc.property(requests, damages, (bytes, list) => {
        const damaged = damage(bytes, list);
        const orders = readSubmit(damaged, 500);
        if (orders) expect(orders).toEqual(readSlowly(damaged));
      }),
      { numRuns: 10_000 },
    );
  });

  it('leaves fields that it does not know, and their other ways of being written, to protobuf', () => {
    const plain = {
      orderId: uuidV7(),
      accountId: 'a',
      symbol: 'A',
      side: 1,
      type: 2,
      priceTicks: 1n,
      quantityLots: 1n,
    };
    const message = toBinary(SubmitRequestSchema, create(SubmitRequestSchema, { orders: [plain] as Orders }));
    const order = Buffer.from(message.subarray(2));
    const requestOf = (...fields: Buffer[]) => {
      const body = Buffer.concat(fields);
      return Buffer.concat([Buffer.from([10, body.length]), body]);
    };
    expect(readSubmit(requestOf(order), 500)).toEqual(readSlowly(requestOf(order)));
    // Field 22 and on, another wire type, a group, a fixed number, a length past the end, a bool that is no bit.
    for (const more of [
      'a20100',
      'b00101',
      'b20100',
      'f80101',
      '0d00000000',
      '0b0c',
      '2500000000',
      '3aff',
      '4802',
      '2200',
    ]) {
      expect(readSubmit(requestOf(order, Buffer.from(more, 'hex')), 500)).toBeUndefined();
    }
    // The last one counts where a field is there twice; a name does as well.
    for (const more of ['2002', '2081808080808080808000', '380a', '12027a7a', '6000', '4801']) {
      const bytes = requestOf(order, Buffer.from(more, 'hex'));
      const orders = readSubmit(bytes, 500);
      if (orders) expect(orders).toEqual(readSlowly(bytes));
    }
    expect(readSubmit(requestOf(order, Buffer.from('2002', 'hex')), 500)?.[0]).toMatchObject({ command: { side: 2 } });
  });

  it('leaves requests without orders, and with too many, to those who refuse them', () => {
    const orderOf = () => ({ orderId: uuidV7(), accountId: 'a', symbol: 'A', side: 1 as const, type: 2 as const });
    const bytesOf = (count: number) => {
      const orders = Array.from({ length: count }, () => ({ ...orderOf(), priceTicks: 5n, quantityLots: 1n }));
      return Buffer.from(toBinary(SubmitRequestSchema, create(SubmitRequestSchema, { orders })));
    };
    expect(readSubmit(bytesOf(0), 500)).toBeUndefined();
    expect(readSubmit(bytesOf(500), 500)).toHaveLength(500);
    expect(readSubmit(bytesOf(501), 500)).toBeUndefined();
  });
});

describe('readPlainSubmit', () => {
  it('returns a request that can be forwarded as a message', () => {
    fc.assert(
      fc.property(requests, (bytes) => {
        const request = readPlainSubmit(bytes);
        if (!request) return;
        const message = fromBinary(SubmitRequestSchema, bytes);
        expect(request.orders).toEqual(message.orders);
        expect(fromBinary(SubmitRequestSchema, toBinary(SubmitRequestSchema, request))).toEqual(message);
      }),
      { numRuns: 300 },
    );
  });
});
