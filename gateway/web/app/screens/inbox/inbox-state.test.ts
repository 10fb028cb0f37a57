import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { StreamMessagesResponseSchema } from '#gen/outcry/notification/v1/notification_pb.ts';
import { unknownInbox, withStreamed } from './inbox-state.ts';

const streamed = (init: MessageInitShape<typeof StreamMessagesResponseSchema>) =>
  create(StreamMessagesResponseSchema, init);
const snapshot = (sequence: bigint, unreadCount: number) =>
  streamed({ sequence, resumeToken: `t${sequence}`, unreadCount, message: { case: 'snapshot', value: {} } });
const added = (sequence: bigint, unreadCount: number) =>
  streamed({
    sequence,
    resumeToken: `t${sequence}`,
    unreadCount,
    message: { case: 'added', value: { subject: 'new' } },
  });

describe('withStreamed', () => {
  it('begins with a snapshot, also that of an inbox that never changed', () => {
    expect(withStreamed(unknownInbox, snapshot(0n, 0))).toEqual({
      state: { sequence: 0n, resumeToken: 't0', unreadCount: 0 },
      news: { kind: 'anew' },
    });
  });

  it('takes each change once, whichever window it comes by', () => {
    const { state } = withStreamed(unknownInbox, snapshot(7n, 2));
    const next = withStreamed(state, added(8n, 3));
    expect(next.state).toEqual({ sequence: 8n, resumeToken: 't8', unreadCount: 3 });
    expect(next.news).toMatchObject({ kind: 'added', message: { subject: 'new' } });
    expect(withStreamed(next.state, added(8n, 3))).toEqual({ state: next.state });
    expect(withStreamed(next.state, snapshot(8n, 3))).toEqual({ state: next.state });
  });

  it('begins anew with a snapshot of another position, also an earlier one', () => {
    const { state } = withStreamed(unknownInbox, snapshot(7n, 2));
    expect(withStreamed(state, snapshot(3n, 1))).toMatchObject({
      state: { sequence: 3n, unreadCount: 1 },
      news: { kind: 'anew' },
    });
  });

  it('has the unread count as it was after a heartbeat, a gap and an end', () => {
    const { state } = withStreamed(unknownInbox, snapshot(7n, 2));
    for (const [kind, sequence] of [
      ['gap', 7n],
      ['heartbeat', 9n],
      ['end', 9n],
    ] as const) {
      const message = streamed({ sequence, resumeToken: 't', message: { case: kind, value: {} } });
      expect(withStreamed(state, message)).toEqual({ state: { sequence, resumeToken: 't', unreadCount: 2 } });
    }
  });
});
