import { NotificationAuditService } from '#gen/outcry/notification/v1/audit_pb.ts';
import { DeadEventAdminService } from '#gen/outcry/notification/v1/dead_event_pb.ts';
import { NotificationAdminService, NotificationService } from '#gen/outcry/notification/v1/notification_pb.ts';
import { bindHandlers } from '#platform/rpc/bind-handlers.ts';
import type { ServiceBinding } from '#platform/rpc/implementation.ts';
import type { NotificationDeps } from '../deps.ts';
import { dropDeadEvents } from './drop-dead-events.ts';
import { findDeadEvents } from './find-dead-events.ts';
import { getPreferences } from './get-preferences.ts';
import { listDeadEvents } from './list-dead-events.ts';
import { listDeadLetters } from './list-dead-letters.ts';
import { listMessages } from './list-messages.ts';
import { markMessageRead } from './mark-message-read.ts';
import { readRows } from './read-rows.ts';
import { redriveDeadEvents } from './redrive-dead-events.ts';
import { redriveDeadLetters } from './redrive-dead-letters.ts';
import { setPreferences } from './set-preferences.ts';
import { streamMessages } from './stream-messages.ts';

/** The contracts of notification, for people, for staff and for the audit. */
export function notificationBindings(deps: NotificationDeps): ServiceBinding[] {
  return [
    bindHandlers(NotificationService, deps, {
      ...{ listMessages, markMessageRead, streamMessages },
      ...{ getPreferences, setPreferences },
    }),
    bindHandlers(NotificationAdminService, deps, { listDeadLetters, redriveDeadLetters }),
    bindHandlers(NotificationAuditService, deps, { readRows }),
    bindHandlers(DeadEventAdminService, deps, { listDeadEvents, findDeadEvents, redriveDeadEvents, dropDeadEvents }),
  ];
}
