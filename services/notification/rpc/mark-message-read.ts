import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { MarkMessageReadRequest } from '#gen/outcry/notification/v1/notification_pb.ts';
import { requireUser } from '#platform/auth/ownership.ts';
import { invalidArgument, notFound } from '#platform/errors/outcry-error.ts';
import { isUuidV7 } from '#platform/ids/uuid-v7.ts';
import type { CallContext } from '#platform/rpc/server.ts';
import type { NotificationDeps } from '../deps.ts';
import { markRead } from '../store/mark-read.ts';
import { toMessage } from './messages/message.ts';

/** Marks a message of the caller as read; a repeat does not change the time. */
export async function markMessageRead(
  { db, nowMs }: NotificationDeps,
  { messageId }: MarkMessageReadRequest,
  context: CallContext,
) {
  const { userId: accountId } = requireUser(context);
  if (messageId === '') throw invalidArgument('message_id', 'is required');
  const message = isUuidV7(messageId) ? await markRead(db, { accountId, messageId, nowMs: nowMs() }) : undefined;
  if (message === undefined) throw notFound(ErrorReason.MESSAGE_NOT_FOUND, 'there is no such message');
  return { message: toMessage(message) };
}
