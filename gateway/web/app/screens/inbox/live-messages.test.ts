import { create } from '@bufbuild/protobuf';
import { timestampNow } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from 'vitest';
import { MessageSchema } from '#gen/outcry/notification/v1/notification_pb.ts';
import { withMessage } from './live-messages.ts';

const unread = (messageId: string) => create(MessageSchema, { messageId });
const read = (messageId: string) => create(MessageSchema, { messageId, readTime: timestampNow() });
const idsOf = (messages: readonly { messageId: string }[]) => messages.map(({ messageId }) => messageId);
const all = { hasMore: false, unreadOnly: false };

describe('withMessage', () => {
  it('adds a message by its age', () => {
    expect(idsOf(withMessage([unread('b')], unread('c'), all))).toEqual(['c', 'b']);
    expect(idsOf(withMessage([unread('c'), unread('a')], unread('b'), all))).toEqual(['c', 'b', 'a']);
    expect(idsOf(withMessage([], unread('a'), all))).toEqual(['a']);
    expect(idsOf(withMessage([unread('b')], unread('a'), all))).toEqual(['b', 'a']);
  });

  it('has the new state of a message in its place, also in the list of the unread', () => {
    const messages = [unread('b'), unread('a')];
    for (const unreadOnly of [false, true]) {
      const next = withMessage(messages, read('a'), { hasMore: true, unreadOnly });
      expect(next.map(({ readTime }) => readTime !== undefined)).toEqual([false, true]);
    }
  });

  it('leaves out what is on a later page, and what is read where only the unread are listed', () => {
    const messages = [unread('c'), unread('b')];
    expect(withMessage(messages, read('a'), { hasMore: true, unreadOnly: false })).toBe(messages);
    expect(withMessage(messages, read('d'), { hasMore: false, unreadOnly: true })).toBe(messages);
  });
});
