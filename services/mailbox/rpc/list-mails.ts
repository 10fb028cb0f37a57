import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { ListMailsRequest, MailSchema } from '#gen/outcry/mailbox/v1/mailbox_pb.ts';
import { requireUser } from '#platform/auth/ownership.ts';
import { cutPage, readPage } from '#platform/paging/page.ts';
import type { CallContext } from '#platform/rpc/server.ts';
import type { MailboxDeps } from '../deps.ts';
import { type Mail, normaliseAddress } from '../domain/mail.ts';
import { listMails as readMails } from '../store/list-mails.ts';

// A page of the longest mails must stay below the size of a message.
const sizeBytesMax = 900_000;

/** One page of the mails to the address in the caller's token. A page of long mails has fewer of them than requested. */
export async function listMails({ db }: MailboxDeps, request: ListMailsRequest, context: CallContext) {
  const address = normaliseAddress(requireUser(context).email);
  const list = `mails:${address}`;
  const { cursor, limit } = readPage(request, { list });
  const found = address === '' ? [] : await readMails(db, { address, cursor, limit: limit + 1 });
  const { rows, nextPageToken } = cutPage(found, Math.min(limit, countWithin(found)), {
    list,
    cursorOf: ({ mailId }) => mailId,
  });
  return { mails: rows.map(toMessage), nextPageToken };
}

/** How many of the mails, at least one, fit into one answer. */
function countWithin(mails: Mail[]): number {
  let sizeBytes = 0;
  const over = mails.findIndex((mail) => {
    sizeBytes += Buffer.byteLength(mail.text) + Buffer.byteLength(mail.subject) + 1_000;
    return sizeBytes > sizeBytesMax;
  });
  return over === -1 ? mails.length : Math.max(1, over);
}

function toMessage(mail: Mail): MessageInitShape<typeof MailSchema> {
  const { mailId, from, to, subject, text, messageId, receiveTimeMs } = mail;
  return { mailId, from, to, subject, text, messageId, receiveTime: timestampFromMs(receiveTimeMs) };
}
