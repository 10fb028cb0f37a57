import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { type FeedEventSchema, FollowResponseSchema } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { FeedScan } from './feed-scan.ts';

function encode(events: MessageInitShape<typeof FeedEventSchema>[]): Uint8Array {
  return toBinary(FollowResponseSchema, create(FollowResponseSchema, { events, headSequence: 9n, epoch: 'e' }));
}

const accepted = (sequence: bigint, orderId: string) => ({
  sequence,
  timeMs: 1n,
  symbol: 'ACME',
  event: { case: 'accepted' as const, value: { order: { orderId, accountId: 'a' } } },
});

describe('FeedScan', () => {
  it('counts the events and reports the orders', () => {
    const orders: unknown[] = [];
    const scan = new FeedScan(4, (orderId, taken) => orders.push([orderId, taken]));
    const rejected = { case: 'rejected' as const, value: { orderId: 'y', accountId: 'b' } };
    scan.read(encode([accepted(5n, 'x'), { sequence: 6n, event: rejected }]));
    scan.read(encode([]));
    scan.read(encode([accepted(7n, 'z')]));
    expect(orders).toEqual([
      ['x', true],
      ['y', false],
      ['z', true],
    ]);
    expect([scan.eventCount, scan.lastSequence]).toEqual([3, 7]);
  });

  it('counts without a callback', () => {
    const scan = new FeedScan(0);
    scan.read(encode([accepted(1n, 'x'), accepted(2n, 'y')]));
    expect(scan.eventCount).toBe(2);
  });

  it('throws when an event is missing or comes twice', () => {
    expect(() => new FeedScan(0).read(encode([accepted(2n, 'x')]))).toThrow('the feed has 2 after 0');
    expect(() => new FeedScan(0).read(encode([accepted(1n, 'x'), accepted(1n, 'x')]))).toThrow(
      'the feed has 1 after 1',
    );
  });
});
