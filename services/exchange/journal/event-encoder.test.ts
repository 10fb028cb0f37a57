import { readFileSync } from 'node:fs';
import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { type NewOrder, NewOrderSchema } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import {
  CancelReason,
  type FeedEvent,
  type FeedEventSchema,
  FollowResponseSchema,
  StateCause,
} from '#gen/outcry/exchange/v1/feed_pb.ts';
import {
  ListType,
  OrderType,
  SelfTradePrevention,
  Side,
  TimeInForce,
  TradingState,
} from '#gen/outcry/trading/v1/trading_pb.ts';
import { OrderType as Types } from '../engine/model/codes.ts';
import { type Command, type Listing, noBreaker, plainChange } from '../engine/model/commands.ts';
import { orderId as sampleId, order as sampleOrder } from '../engine/testing/driver.ts';
import { decodeCommands } from './command-codec.ts';
import { encodeEvents } from './event-encoder.ts';
import { SourceBuilder } from './testing/event-source.ts';

type StoredGroup = { timeMs: number; commands: string; events: string };
type EventInit = MessageInitShape<typeof FeedEventSchema>['event'];

const shard = 3;
const big = 2_147_483_647n;
const timeMs = 1_700_000_000_000n;
const terms = { tickSize: '0.01', lotSize: '1', currency: 'USD', bandBps: 500, referencePriceTicks: 100 };
const acme: Listing = { symbol: 'ACME', ...terms, breakerBps: 700, breakerHaltMs: 5_000, breakerAuctionMs: 60_000 };
const owner = { orderId: sampleId(1), accountId: 'a' };
const other = { orderId: sampleId(2), accountId: sampleId(70) };

/** Encodes events as if an engine had emitted them after 2^40 others. */
function encode(contents: EventInit[], commands: readonly Command[], ruleVersion = 2) {
  const events = contents.map((event, i) => ({ sequence: BigInt(2 ** 40 + i), timeMs, symbol: 'ACME', event }));
  const message = create(FollowResponseSchema, { events });
  const builder = new SourceBuilder([acme]);
  for (const event of message.events) builder.add(event, commands);
  const bytes = encodeEvents(builder.build(message.events[0], ruleVersion, 12_345_678_901), commands, shard);
  return { bytes, expected: toBinary(FollowResponseSchema, message) };
}

const commands: Command[] = [
  sampleOrder(1, { type: Types.STOP_LIMIT, stopPriceTicks: 300, slide: true, postOnly: true, selfTradeGroup: 'dësk' }),
  {
    kind: 'submitList',
    listId: sampleId(9),
    type: ListType.OCO,
    orders: [sampleOrder(10), sampleOrder(11, { trailTicks: 3, expireTimeMs: 1_800_000_000_000, sessionId: 's' })],
  },
  { kind: 'cancel', commandId: sampleId(50), ...owner, symbol: 'ACME' },
  {
    kind: 'replace',
    commandId: 'ü',
    ...owner,
    symbol: 'ACME',
    ...{ expectedRevision: 1, priceTicks: 1, quantityLots: 1 },
    ...plainChange,
  },
  sampleOrder(12, { priceTicks: 1_000, quantityLots: 7 }),
];
const order = (number: number, more: Partial<NewOrder> = {}): NewOrder => {
  const plain = {
    ...{
      orderId: sampleId(number),
      accountId: 'a',
      symbol: 'ACME',
      side: Side.BUY,
      type: OrderType.LIMIT,
      timeInForce: TimeInForce.GTC,
    },
    ...{ priceTicks: 100n, quantityLots: 10n, selfTradePrevention: SelfTradePrevention.CANCEL_NEWEST },
  };
  return Object.assign(create(NewOrderSchema, plain), more);
};
const traded = {
  ...{ tradeId: '3-12345678902', priceTicks: big, quantityLots: 1n },
  maker: { ...other, side: Side.SELL, remainingLots: 0n },
  taker: { ...owner, side: Side.BUY, remainingLots: big },
};
const level = { side: Side.SELL, priceTicks: 101n, quantityLots: 2n ** 52n + 5n, orderCount: 2_000_000 };
const list = { listId: sampleId(9), listType: ListType.OCO };

/** Events that are equal under both rule versions. */
const contents: EventInit[] = [
  { case: 'listed', value: { listing: { ...acme, referencePriceTicks: 100n } } },
  { case: 'stateChanged', value: { state: TradingState.CONTINUOUS } },
  {
    case: 'accepted',
    value: {
      order: order(1, {
        ...{ type: OrderType.STOP_LIMIT, stopPriceTicks: 300n, slide: true, postOnly: true, selfTradeGroup: 'dësk' },
      }),
    },
  },
  { case: 'accepted', value: { order: order(10), ...list } },
  {
    case: 'accepted',
    value: {
      ...{ order: order(11, { trailTicks: 3n, expireTimeMs: 1_800_000_000_000n, sessionId: 's' }), ...list },
      listPlace: 1,
    },
  },
  {
    case: 'rejected',
    value: {
      ...{ orderId: sampleId(12), accountId: 'a', reason: ErrorReason.PRICE_OUT_OF_BAND },
      metadata: { price: '10.00', low: '0.95', high: '1.05' },
    },
  },
  { case: 'traded', value: traded },
  {
    case: 'cancelled',
    value: { ...owner, reason: CancelReason.REQUESTED, remainingLots: 9n, commandId: sampleId(50) },
  },
  { case: 'cancelled', value: { ...other, reason: CancelReason.CORPORATE_ACTION, remainingLots: big } },
  {
    case: 'replaced',
    value: { ...owner, priceTicks: big, quantityLots: 200n, remainingLots: 128n, revision: 70_000, commandId: 'ü' },
  },
  {
    case: 'replaced',
    value: { ...other, priceTicks: 1n, quantityLots: 2n, remainingLots: 1n, revision: 3, priorityKept: true },
  },
  { case: 'levelChanged', value: level },
  { case: 'levelChanged', value: { side: Side.BUY, priceTicks: 1n } },
  { case: 'commandRejected', value: { commandId: 'ü', ...owner, reason: ErrorReason.ORDER_NOT_FOUND } },
  { case: 'triggered', value: { ...owner, stopPriceTicks: 300n, lastPriceTicks: 301n } },
  { case: 'triggered', value: owner },
  { case: 'refreshed', value: { ...other, shownLots: 16_384n } },
  { case: 'uncrossed', value: { priceTicks: 100n, quantityLots: 2n ** 40n } },
  { case: 'split', value: { numerator: 1_000, denominator: 3 } },
];
/** Events and fields of rule version 2 only. */
const newer: EventInit[] = [
  { case: 'stateChanged', value: { state: TradingState.HALTED, cause: StateCause.BREAKER } },
  { case: 'traded', value: { ...traded, auction: true } },
  { case: 'levelChanged', value: { ...level, bookChecksum: 0xfedcba98 } },
];

describe('encodeEvents', () => {
  it('writes each kind of event as the protobuf library does, in a group of any other kinds', () => {
    for (const content of [...contents, ...newer]) {
      const { bytes, expected } = encode([content], commands);
      expect(fromBinary(FollowResponseSchema, bytes)).toEqual(fromBinary(FollowResponseSchema, expected));
      expect(Buffer.compare(bytes, expected)).toBe(0);
    }
    const all = encode(
      [...contents, ...newer].filter((content) => content?.case !== 'traded'),
      commands,
    );
    expect(Buffer.compare(all.bytes, all.expected)).toBe(0);
  });

  it('writes nothing that rule version 1 does not have', () => {
    for (const content of newer) {
      const { bytes } = encode([content], commands, 1);
      const without = { ...content?.value, cause: undefined, auction: undefined, bookChecksum: undefined };
      const { expected } = encode([{ case: content?.case, value: without } as EventInit], commands, 1);
      expect(Buffer.compare(bytes, expected)).toBe(0);
    }
  });

  it('writes long texts and many events, past the room that it had', () => {
    const commandId = 'ü'.repeat(60);
    const cancel: Command = { kind: 'cancel', commandId, ...owner, symbol: 'ACME' };
    const content: EventInit = { case: 'cancelled', value: { ...owner, reason: 1, remainingLots: 1n, commandId } };
    const { bytes, expected } = encode(
      Array.from({ length: 3_000 }, () => content),
      [cancel],
    );
    expect(Buffer.compare(bytes, expected)).toBe(0);
  });

  it('names trades by the shard and one number each', () => {
    const { bytes } = encode(
      Array.from({ length: 3 }, () => ({ case: 'traded', value: traded }) as EventInit),
      commands,
    );
    const { events } = fromBinary(FollowResponseSchema, bytes);
    expect(events.map(({ event }) => event.case === 'traded' && event.value.tradeId)).toEqual([
      ...['3-12345678902', '3-12345678903', '3-12345678904'],
    ]);
  });

  it('writes the bytes that an earlier release wrote under rule version 1', () => {
    const groups: StoredGroup[] = JSON.parse(
      readFileSync(new URL('./testing/rules-1-groups.json', import.meta.url), 'utf8'),
    );
    const listings: Listing[] = [];
    let trades = 0;
    for (const group of groups) {
      const stored = Buffer.from(group.events, 'base64');
      const commands = decodeCommands(Buffer.from(group.commands, 'base64'));
      for (const command of commands) if (command.kind === 'list') listings.push({ ...command.listing, ...noBreaker });
      const events: FeedEvent[] = fromBinary(FollowResponseSchema, stored).events;
      const builder = new SourceBuilder(listings);
      for (const event of events) builder.add(event, commands);
      const source = builder.build(events[0], 1, trades);
      trades = source.tradeCount;
      expect(Buffer.compare(encodeEvents(source, commands, 0), stored)).toBe(0);
    }
    expect(trades).toBe(5);
  });
});
