import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { MessageSchema } from '#gen/outcry/notification/v1/notification_pb.ts';
import type { Message } from '../../domain/message.ts';
import { toKind } from './message-kind.ts';

/** The contract's form of an in-app message. */
export function toMessage(message: Message): MessageInitShape<typeof MessageSchema> {
  const { messageId, kind, subject, text, createTimeMs, readTimeMs } = message;
  return {
    messageId,
    kind: toKind[kind],
    subject,
    text,
    createTime: timestampFromMs(createTimeMs),
    readTime: readTimeMs === undefined ? undefined : timestampFromMs(readTimeMs),
  };
}
