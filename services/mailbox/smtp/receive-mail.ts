import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import type { MailboxDeps } from '../deps.ts';
import { mailsPerAddressMax, normaliseAddress } from '../domain/mail.ts';
import { insertMail } from '../store/insert-mail.ts';
import { pruneMails } from '../store/prune-mails.ts';
import { parseMail } from './parse-mail.ts';
import type { ReceivedMail } from './smtp-server.ts';

/** Stores a received mail for each receiver, all of them or none. A mail that is stored already changes nothing. */
export function createMailReceiver({ db, nowMs }: MailboxDeps): (mail: ReceivedMail) => Promise<void> {
  return async ({ sender, recipients, bytes }) => {
    const parsed = await parseMail(bytes, sender);
    const receiveTimeMs = nowMs();
    const addresses = [...new Set(recipients.map(normaliseAddress))].sort();
    await db.transaction(async (tx) => {
      for (const to of addresses) {
        const isNew = await insertMail(tx, { ...parsed, to, receiveTimeMs, mailId: uuidV7(receiveTimeMs) });
        if (isNew) await pruneMails(tx, to, mailsPerAddressMax);
      }
    });
  };
}
