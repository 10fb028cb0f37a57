import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { FollowResponseSchema } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { sliceSegment } from './feed-segment.ts';

const events = Array.from({ length: 20 }, (_, i) => ({ sequence: BigInt(11 + i), symbol: 'X'.repeat(i * 900) }));
const bytes = toBinary(FollowResponseSchema, create(FollowResponseSchema, { events }));
const segment = { firstSequence: 11, lastSequence: 30, bytes, marks: [] };

describe('sliceSegment', () => {
  it('cuts at any event without reading it, short and long ones', () => {
    for (let after = 0; after < 32; after++) {
      for (const eventsMax of [1, 3, 50]) {
        const slice = sliceSegment(segment, after, eventsMax);
        const expected = events.filter(({ sequence }) => sequence > after).slice(0, eventsMax);
        const found = slice ? fromBinary(FollowResponseSchema, slice.bytes).events : [];
        expect(found.map(({ sequence }) => sequence)).toEqual(expected.map(({ sequence }) => sequence));
      }
    }
  });
});
