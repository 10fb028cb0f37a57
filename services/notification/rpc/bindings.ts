/** Binds every RPC of the notification service to its handler. */
import { NotificationAdminService, NotificationService } from '#gen/outcry/notification/v1/notification_pb.ts';
import type { ServiceBinding } from '#platform/rpc/server.ts';
import { implement } from '#platform/rpc/server.ts';
import type { NotificationDeps } from '../deps.ts';
import { listDeadLetters, redriveDeadLetters } from './dead-letters.ts';
import { listMessages } from './list-messages.ts';
import { markMessageRead } from './mark-message-read.ts';
import { getPreferences, setPreferences } from './preferences.ts';

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
