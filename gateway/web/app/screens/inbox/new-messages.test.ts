import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MessageKind } from '#gen/outcry/notification/v1/notification_pb.ts';
import { createNewMessages } from './new-messages.ts';

describe('createNewMessages', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('says those of a second together, and the next one by itself', () => {
    const texts: string[] = [];
    const messages = createNewMessages((text) => texts.push(text));
    messages.add({ kind: MessageKind.ALERT, subject: 'ACME is at 149.5' });
    messages.add({ kind: MessageKind.TRANSFER, subject: 'Deposit booked' });
    vi.advanceTimersByTime(1_000);
    messages.add({ kind: MessageKind.SECURITY, subject: 'Wrong passwords' });
    expect(texts).toEqual([
      'New message: ACME is at 149.5.',
      '2 new messages, the last: Deposit booked.',
      'New message: Wrong passwords.',
    ]);
  });

  it('leaves out what is said of orders already', () => {
    const say = vi.fn();
    const messages = createNewMessages(say);
    for (const kind of [MessageKind.ORDER, MessageKind.FILL]) messages.add({ kind, subject: 'Order filled' });
    expect(say).not.toHaveBeenCalled();
  });
});
