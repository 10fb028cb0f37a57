import { createBatcher } from '#platform/batch/batcher.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import { pause } from '#platform/time/pause.ts';
import type { MailboxDeps } from '../deps.ts';
import { type Mail, normaliseAddress } from '../domain/mail.ts';
import { insertMails } from '../store/insert-mails.ts';
import { parseMail } from './parse-mail.ts';
import type { ReceivedMail } from './smtp-server.ts';

/** Stores received mails. Disposing it waits for those in progress. */
export type MailReceiver = AsyncDisposable & {
  /** Stores a mail for each receiver, all of them or none. A mail that is stored already changes nothing. */
  receive(mail: ReceivedMail): Promise<void>;
};

// As many mails as there are clients can wait.
const mailsMax = 50;
// From the first mail of a group to its statement: its sender has other connections, whose mails go along.
const gatherMs = 5;

/** A receiver that stores the mails that come within a few milliseconds, or while the last ones are stored, by one statement. */
export function createMailReceiver(deps: MailboxDeps, metrics: Metrics): MailReceiver {
  const batcher = createBatcher<Mail[], unknown>({
    name: 'mails',
    flush: (mails) => storeTogether(deps, mails),
    itemsMax: mailsMax,
    queueLengthMax: 2 * mailsMax,
    metrics,
  });
  let gathering: Promise<void> | undefined;
  const gather = async () => {
    await pause(gatherMs);
    gathering = undefined;
  };
  return {
    async receive({ sender, recipients, bytes }) {
      const parsed = await parseMail(bytes, sender);
      const receiveTimeMs = deps.nowMs();
      const addresses = [...new Set(recipients.map(normaliseAddress))].sort();
      gathering ??= gather();
      await gathering;
      const failure = await batcher.submit(
        addresses.map((to) => ({ ...parsed, to, receiveTimeMs, mailId: uuidV7(receiveTimeMs) })),
      );
      if (failure !== undefined) throw failure;
    },
    [Symbol.asyncDispose]: () => batcher[Symbol.asyncDispose](),
  };
}

/** Stores the rows of several mails; the results are failures, by mail. A mail that cannot be stored harms no other. */
async function storeTogether(deps: MailboxDeps, mails: Mail[][]): Promise<unknown[]> {
  const failure = await store(deps, mails.flat());
  if (failure === undefined || mails.length === 1) return mails.map(() => failure);
  return Promise.all(mails.map((mail) => store(deps, mail)));
}

async function store({ db, grownBoxes }: MailboxDeps, mails: Mail[]): Promise<unknown> {
  try {
    await insertMails(db, mails);
  } catch (error) {
    return error;
  }
  for (const { to } of mails) grownBoxes.add(to, 1);
  return undefined;
}
