import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { FeedLagSchema, OutboxBacklogSchema, ProcessRole } from '#gen/outcry/process/v1/process_pb.ts';
import {
  feedText,
  isFeedLate,
  isOutboxLate,
  leftText,
  outboxText,
  queueText,
  roleText,
  rpcText,
  spanText,
} from './process-text.ts';

const duration = (ms: number) => ({ seconds: BigInt(Math.floor(ms / 1_000)), nanos: (ms % 1_000) * 1e6 });
const feed = (fields: { behindMs?: number; entries?: bigint; silenceMs?: number; halted?: boolean }) =>
  create(FeedLagSchema, {
    feed: 'exchange.0',
    entriesBehind: fields.entries ?? 0n,
    halted: fields.halted ?? false,
    ...(fields.behindMs !== undefined && { behind: duration(fields.behindMs) }),
    ...(fields.silenceMs !== undefined && { silence: duration(fields.silenceMs) }),
  });

describe('spanText', () => {
  it('has the unit that suits', () => {
    const spans = [0, 3.24, 9.99, 820.9, 12_500, 59_990, 240_000, 3 * 3_600_000, 49 * 3_600_000];
    const texts = ['0.0 ms', '3.2 ms', '9.9 ms', '820 ms', '12.5 s', '59.9 s', '4 min', '3 h', '2 d'];
    expect(spans.map(spanText)).toEqual(texts);
  });
});

describe('feedText', () => {
  it('says how far a follower is, and when it heard nothing', () => {
    expect(feedText(feed({ behindMs: 0, silenceMs: 900 }))).toBe('reads up to date');
    expect(feedText(feed({ behindMs: 12_000, entries: 1_340n, silenceMs: 0 }))).toBe('12.0 s behind, 1,340 entries');
    expect(feedText(feed({ behindMs: 200, entries: 1n, silenceMs: 0 }))).toBe('200 ms behind, 1 entry');
    expect(feedText(feed({ behindMs: 0, silenceMs: 40_000 }))).toBe('reads up to date; last heard of it 40.0 s ago');
    expect(feedText(feed({ silenceMs: 500 }))).toBe('last heard of it 500 ms ago');
    expect(feedText(feed({ halted: true }))).toContain('halted');
  });
});

describe('isFeedLate', () => {
  it('is for what is halted, over 5 s behind, or silent', () => {
    expect([{ behindMs: 4_000, silenceMs: 0 }, { silenceMs: 29_000 }].map((lag) => isFeedLate(feed(lag)))).toEqual([
      false,
      false,
    ]);
    for (const lag of [{ halted: true }, { behindMs: 5_001 }, { silenceMs: 31_000 }])
      expect(isFeedLate(feed(lag))).toBe(true);
  });
});

describe('outboxText', () => {
  it('counts what waits, and says how old it is', () => {
    const backlog = create(OutboxBacklogSchema, { events: 1_200n, oldestAge: duration(6_000) });
    expect([outboxText(backlog), isOutboxLate(backlog)]).toEqual(['1,200 events, the oldest 6.0 s old', true]);
    const empty = create(OutboxBacklogSchema, {});
    expect([outboxText(empty), isOutboxLate(empty)]).toEqual(['empty', false]);
  });
});

describe('queueText', () => {
  it('says how many events it has not passed', () => {
    expect([0n, 1n, 340n].map((eventsBehind) => queueText({ eventsBehind }))).toEqual([
      'reads up to date',
      '1 event of the log behind',
      '340 events of the log behind',
    ]);
  });
});

describe('leftText', () => {
  it('says what is left, or that it is free', () => {
    expect([leftText(duration(2_400)), leftText(duration(0)), leftText(undefined)]).toEqual(['2.4 s', 'free', 'free']);
  });
});

describe('roleText', () => {
  it('names what is not usual', () => {
    const roles = [ProcessRole.STABLE, ProcessRole.CANARY, ProcessRole.MIRROR];
    expect(roles.map(roleText)).toEqual([undefined, 'canary', 'mirror']);
  });
});

describe('rpcText', () => {
  it('leaves the package out', () => {
    expect(rpcText('outcry.order.v1.OrderService/PlaceOrder')).toBe('OrderService/PlaceOrder');
  });
});
