/** The mail of who is logged in, as the local mail server received it. */
import { accessToken, call } from './api.ts';
import { byId } from './dom.ts';

type Mail = { subject?: string; text?: string; receiveTime?: string };

async function show(): Promise<void> {
  const { mails = [] } = (await call('outcry.mailbox.v1.MailboxService/ListMails', {})) as { mails?: Mail[] };
  byId('mail-status').textContent = mails.length === 0 ? 'No mail yet.' : '';
  byId('mails').replaceChildren(
    ...mails.map((mail) => {
      const item = document.createElement('li');
      const subject = document.createElement('strong');
      const text = document.createElement('pre');
      subject.textContent = `${mail.subject ?? ''} (${mail.receiveTime ?? ''})`;
      text.textContent = mail.text ?? '';
      item.append(subject, text);
      return item;
    }),
  );
}

if (accessToken() !== null) {
  show().catch((error: Error) => {
    byId('mail-status').textContent = error.message;
  });
}
