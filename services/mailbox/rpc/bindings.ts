/** Binds the RPC of the mailbox to its handler. */
import { MailboxService } from '#gen/outcry/mailbox/v1/mailbox_pb.ts';
import type { ServiceBinding } from '#platform/rpc/server.ts';
import { implement } from '#platform/rpc/server.ts';
import type { MailboxDeps } from '../deps.ts';
import { listMails } from './list-mails.ts';

/** The proto service of `outcry.mailbox.v1`. */
export function bindMailboxService(deps: MailboxDeps): ServiceBinding[] {
  return [implement(MailboxService, { listMails: listMails(deps) })];
}
