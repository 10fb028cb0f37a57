/** The mailbox page: the mail of the logged-in user, as the local mail server received it. */
import { user } from './api.ts';
import { errorText } from './call-error.ts';
import { byId, element, setText } from './dom.ts';
import { dateAndTime } from './format.ts';
import { wireLogIn } from './log-in.ts';
import { rest } from './rest.ts';
import { untilShown } from './visibility.ts';

type Mail = { mailId: string; subject?: string; from?: string; text?: string; receiveTime?: string };
type Page = { mails?: Mail[]; nextPageToken?: string };

const pageSize = 50;
const refreshEveryMs = 3_000;

wireLogIn((signal) => void showMails(signal));

async function showMails(signal: AbortSignal): Promise<void> {
  const list = byId('mails');
  const status = byId('mail-status');
  const older = byId<HTMLButtonElement>('older');
  const shown = new Set<string>();
  let nextPageToken: string | undefined;
  const read = async (pageToken: string) =>
    (await user.call('outcry.mailbox.v1.MailboxService/ListMails', { pageSize, pageToken })) as Page;
  const fresh = (mails: Mail[] = []) => {
    const items = mails.filter(({ mailId }) => !shown.has(mailId));
    for (const { mailId } of items) shown.add(mailId);
    return items.map(mailItem);
  };
  const showOlder = async () => {
    const page = await read(nextPageToken ?? '');
    if (signal.aborted) return;
    list.append(...fresh(page.mails));
    nextPageToken = page.nextPageToken ?? '';
    older.hidden = nextPageToken === '';
  };
  const onFailure = (error: unknown) => {
    if (!signal.aborted) setText(status, errorText(error));
  };
  older.addEventListener('click', () => void showOlder().catch(onFailure), { signal });
  signal.addEventListener('abort', () => {
    list.replaceChildren();
    older.hidden = true;
    setText(status, 'Log in to read your mail.');
  });
  setText(status, 'Reading your mail.');
  while (!signal.aborted) {
    await untilShown();
    try {
      const page = await read('');
      if (signal.aborted) return;
      list.prepend(...fresh(page.mails));
      // Only what the first reading left is older: later ones bring what is new.
      nextPageToken ??= page.nextPageToken ?? '';
      older.hidden = nextPageToken === '';
      setText(status, shown.size === 0 ? 'No mail yet.' : `${shown.size} ${shown.size === 1 ? 'mail' : 'mails'}.`);
    } catch (error) {
      onFailure(error);
    }
    await rest(refreshEveryMs, signal);
  }
}

function mailItem({ subject, from, text, receiveTime }: Mail): HTMLLIElement {
  const item = element('li');
  const time = element('time', dateAndTime(receiveTime));
  time.dateTime = receiveTime ?? '';
  const about = element('p', `From ${from ?? 'unknown sender'}, `);
  about.append(time);
  item.append(element('h3', subject ?? '(no subject)'), about, element('pre', text ?? ''));
  return item;
}
