import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import type { FeedEvent } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { FollowResponseSchema } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { SelfTrade, Side, TimeInForce, TradingState } from '../domain/codes.ts';
import type { Command } from '../domain/commands.ts';
import { Engine } from '../domain/engine.ts';
import { readEvents } from '../domain/event-reader.ts';
import { listing, order, orderId, startMs } from '../domain/testing/driver.ts';
import { encodeEvents } from './event-encoder.ts';

const big = 2_147_483_647;
const keyed = { orderId: orderId(1), accountId: 'a', symbol: 'ACME' };
const commands: Command[] = [
  { kind: 'list', listing: listing({ bandBps: 100_000 }) },
  order(1, { selfTradeGroup: 'desk', quantityLots: big }),
  order(2, { quantityLots: big, accountId: 'b' }),
  order(3, { side: Side.SELL, accountId: 's', quantityLots: 7, priceTicks: 90 }),
  order(4, {
    side: Side.SELL,
    accountId: 'x',
    selfTradeGroup: 'desk',
    selfTrade: SelfTrade.DECREMENT,
    quantityLots: 3,
  }),
  order(5, { timeInForce: TimeInForce.IOC, priceTicks: 1 }),
  order(6, { priceTicks: 1_000_000 }),
  { kind: 'replace', commandId: 'r', ...keyed, expectedRevision: 2, priceTicks: 101, quantityLots: 50 },
  { kind: 'replace', commandId: 'r2', ...keyed, expectedRevision: 9, priceTicks: 101, quantityLots: 50 },
  { kind: 'cancel', commandId: 'c', ...keyed },
  { kind: 'void', orderId: orderId(8), idTimeMs: startMs, accountId: 'a', symbol: 'ACME' },
  { kind: 'setState', commandId: 's', symbol: 'ACME', state: TradingState.DELISTED },
];

function encode(): { engine: Engine; bytes: Uint8Array; events: FeedEvent[] } {
  const engine = new Engine();
  engine.beginGroup(startMs);
  for (const command of commands) engine.apply(command);
  const bytes = encodeEvents(engine.state, engine.effective, 3);
  return { engine, bytes, events: fromBinary(FollowResponseSchema, bytes).events };
}

describe('encodeEvents', () => {
  it('writes the bytes that the protobuf library writes for the same message', () => {
    const { bytes } = encode();
    const again = toBinary(FollowResponseSchema, fromBinary(FollowResponseSchema, bytes));
    expect(Buffer.compare(bytes, again)).toBe(0);
  });

  it('tells what the engine tells, event by event', () => {
    const { engine, events } = encode();
    const plain = readEvents(engine.state, engine.effective);
    expect(events).toHaveLength(plain.length);
    expect(new Set(plain.map(({ kind }) => kind)).size).toBe(9);
    for (const [i, event] of plain.entries()) {
      const { sequence, timeMs, symbol, event: body } = events[i] as FeedEvent;
      const cases = { stateChanged: 'stateChanged', listed: 'listed' } as Record<string, string>;
      expect([sequence, timeMs, symbol, body.case]).toEqual([
        ...[BigInt(i + 1), BigInt(startMs), event.symbol, cases[event.kind] ?? event.kind],
      ]);
      const { kind, symbol: _, ...fields } = event;
      if (kind === 'accepted') expect(body.value).toMatchObject({ order: { orderId: event.order.orderId } });
      else if (kind !== 'rejected') expect(body.value).toMatchObject(toBigInts(fields));
    }
  });

  it('names each trade once, with the shard', () => {
    const ids = encode().events.flatMap(({ event }) => (event.case === 'traded' ? [event.value.tradeId] : []));
    expect(ids).toEqual(['3-1']);
  });
});

function toBigInts(value: object): object {
  const wide = ['priceTicks', 'quantityLots', 'remainingLots', 'referencePriceTicks'];
  const convert = (name: string, inner: unknown): unknown => {
    if (typeof inner === 'object' && inner !== null) return toBigInts(inner);
    return wide.includes(name) ? BigInt(Number(inner)) : inner;
  };
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, convert(name, inner)]));
}
