import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { NotificationService } from '#gen/outcry/notification/v1/notification_pb.ts';
import { requireUser } from '#platform/auth/ownership.ts';
import { invalidArgument, notFound } from '#platform/errors/outcry-error.ts';
import { isUuidV7 } from '#platform/ids/uuid-v7.ts';
import type { Implementation } from '#platform/rpc/server.ts';
import type { NotificationDeps } from '../deps.ts';
import { markRead } from '../store/mark-read.ts';
import { messageMessage } from './messages/message.ts';

/** MarkMessageRead: a repeat keeps the time of the first. */
export function markMessageRead(deps: NotificationDeps): Implementation<typeof NotificationService>['markMessageRead'] {
  return async ({ messageId }, context) => {
    const { userId: accountId } = requireUser(context);
    if (messageId === '') throw invalidArgument('message_id', 'is required');
    const message = isUuidV7(messageId)
      ? await markRead(deps.db, { accountId, messageId, nowMs: deps.now() })
      : undefined;
    if (message === undefined) throw notFound(ErrorReason.MESSAGE_NOT_FOUND, 'there is no such message');
    return { message: messageMessage(message) };
  };
}
