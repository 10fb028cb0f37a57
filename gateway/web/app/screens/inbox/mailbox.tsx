import { Code, createClient } from '@connectrpc/connect';
import { type Mail, MailboxService } from '#gen/outcry/mailbox/v1/mailbox_pb.ts';
import { ShownRows } from '../../reading/shown-rows.tsx';
import { usePages } from '../../reading/use-pages.ts';
import { userTransport } from '../../rpc/transports.ts';
import { Empty } from '../../ui/status.tsx';
import { TimeCell } from '../floor/order-columns.tsx';

const mailbox = createClient(MailboxService, userTransport);
const absent: readonly Code[] = [Code.Unimplemented, Code.Unavailable];

/** The mail of the demo, as the local mail server received it. */
export function Mailbox() {
  const pages = usePages<Mail>(
    async (pageToken, signal) => {
      const { mails, nextPageToken } = await mailbox.listMails({ pageSize: 50, pageToken }, { signal });
      return { rows: mails, nextPageToken };
    },
    { key: 'mail', keyOf: ({ mailId }) => mailId, everyMs: 3_000 },
  );
  if (!pages.isLoaded && pages.failure !== undefined && absent.includes(pages.failure.code))
    return <Empty>No local mail server answers. Where mail goes to a real one, it is read there.</Empty>;
  return (
    <>
      <p class="hint">What was sent to your address, as the local mail server of this system received it.</p>
      <ShownRows pages={pages} empty="No mail yet.">
        {(rows) => (
          <ul class="letters" aria-label="Mail">
            {rows.map((mail) => (
              <li key={mail.mailId} class="letter mail">
                <h2>{mail.subject || '(no subject)'}</h2>
                <p class="about">
                  From {mail.from || 'unknown sender'}, <TimeCell time={mail.receiveTime} />
                </p>
                <pre>{mail.text}</pre>
              </li>
            ))}
          </ul>
        )}
      </ShownRows>
    </>
  );
}
