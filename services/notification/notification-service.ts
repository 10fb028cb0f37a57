/** Binds every RPC of the notification service to its handler. */
import { NotificationAdminService, NotificationService } from '#gen/outcry/notification/v1/notification_pb.ts';
import type { ServiceBinding } from '#platform/rpc/server.ts';
import { implement } from '#platform/rpc/server.ts';
import { listDeadLetters, redriveDeadLetters } from './handlers/dead-letters.ts';
import { listMessages } from './handlers/list-messages.ts';
import { markMessageRead } from './handlers/mark-message-read.ts';
import { getPreferences, setPreferences } from './handlers/preferences.ts';
import type { NotificationDeps } from './notification-deps.ts';

/** The two proto services of `outcry.notification.v1`. */
export function bindNotificationServices(deps: NotificationDeps): ServiceBinding[] {
  return [
    implement(NotificationService, {
      listMessages: listMessages(deps),
      markMessageRead: markMessageRead(deps),
      getPreferences: getPreferences(deps),
      setPreferences: setPreferences(deps),
    }),
    implement(NotificationAdminService, {
      listDeadLetters: listDeadLetters(deps),
      redriveDeadLetters: redriveDeadLetters(deps),
    }),
  ];
}
