import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { HoldItemSchema } from '#gen/outcry/ledger/v1/internal_pb.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { holdItem } from '../../testing/orders.ts';
import { readHoldItem } from './hold-item.ts';

type Limits = { positionMaxMicros?: bigint; positionLimitMicros?: bigint };

function limitOf(limits: Limits): unknown {
  const item = create(HoldItemSchema, { ...holdItem({ accountId: uuidV7() }), ...limits });
  const read = readHoldItem(fromBinary(HoldItemSchema, toBinary(HoldItemSchema, item)));
  return 'malformed' in read ? read.malformed.field : read.positionMaxMicros;
}

describe('readHoldItem', () => {
  it('tells a position limit of 0 from none, also after its way over the wire', () => {
    expect(limitOf({})).toBeUndefined();
    expect(limitOf({ positionMaxMicros: 1n, positionLimitMicros: 0n })).toBe(0n);
    expect(limitOf({ positionMaxMicros: 7n, positionLimitMicros: 7n })).toBe(7n);
  });

  it('reads an order service of the release before, which says no limit with 0', () => {
    expect(limitOf({ positionMaxMicros: 0n })).toBeUndefined();
    expect(limitOf({ positionMaxMicros: 5n })).toBe(5n);
  });

  it('refuses limits below 0', () => {
    expect(limitOf({ positionMaxMicros: -1n })).toBe('position_max_micros');
    expect(limitOf({ positionLimitMicros: -1n })).toBe('position_limit_micros');
  });
});
