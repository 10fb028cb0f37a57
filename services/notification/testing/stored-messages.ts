/** Messages that a test stores without an event. */
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import type { NewMessage } from '../domain/message.ts';

/** Deposits booked for an account, one for each subject, in this order. */
export function messagesOf(accountId: string, subjects: readonly string[]): NewMessage[] {
  // They are listed by the times of their ids.
  const firstTimeMs = Date.now() - subjects.length;
  return subjects.map((subject, index) => ({
    messageId: uuidV7(firstTimeMs + index),
    factId: uuidV7(),
    accountId,
    kind: 'transfer',
    subject,
    text: '',
    createTimeMs: firstTimeMs + index,
  }));
}
