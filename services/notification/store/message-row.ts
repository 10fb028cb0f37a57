/** The row of a message. */
import type { MessageKind } from '../domain/kinds.ts';
import type { Message } from '../domain/message.ts';

/** The columns of a message, as `MessageRow` has them. */
export const messageColumns = 'message_id, kind, subject, text, create_time, read_time';

/** One row of `messageColumns`. */
export type MessageRow = {
  message_id: string;
  kind: MessageKind;
  subject: string;
  text: string;
  create_time: Date;
  read_time: Date | null;
};

/** Reads a row. */
export function toMessage(row: MessageRow): Message {
  return {
    messageId: row.message_id,
    kind: row.kind,
    subject: row.subject,
    text: row.text,
    createTimeMs: row.create_time.getTime(),
    readTimeMs: row.read_time?.getTime(),
  };
}
