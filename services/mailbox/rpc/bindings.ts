import { MailboxService } from '#gen/outcry/mailbox/v1/mailbox_pb.ts';
import { bindHandlers } from '#platform/rpc/bind-handlers.ts';
import type { ServiceBinding } from '#platform/rpc/implementation.ts';
import type { MailboxDeps } from '../deps.ts';
import { listMails } from './list-mails.ts';

/** The contract of the mailbox. */
export function mailboxBindings(deps: MailboxDeps): ServiceBinding[] {
  return [bindHandlers(MailboxService, deps, { listMails })];
}
