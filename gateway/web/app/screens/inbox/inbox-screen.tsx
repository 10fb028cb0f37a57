import { unreadCount } from '../../frame/unread-count.ts';
import { Panel } from '../../ui/panel.tsx';
import { NeedsLogIn } from '../needs-log-in.tsx';
import { SectionTabs, sectionOf } from '../section-tabs.tsx';
import { countText } from './inbox-text.ts';
import { Mailbox } from './mailbox.tsx';
import { MessagePreferences } from './message-preferences.tsx';
import { Messages } from './messages.tsx';

const tabs = [
  { name: 'messages', text: 'Messages' },
  { name: 'ways', text: 'Preferences' },
  { name: 'mail', text: 'Mail of this system' },
] as const;

/** Inbox: messages with the unread ones marked, the ways by which they come, and the local mailbox of the demo. */
export function InboxScreen({ rest }: { rest: string }) {
  const selected = sectionOf(tabs, rest);
  const unread = countText(unreadCount.value);
  const shown = tabs.map(({ name, text }) => ({
    name,
    text: name === 'messages' && unread !== '' ? `${text} ${unread}` : text,
  }));
  return (
    <div class="page">
      <h1>Inbox</h1>
      <Panel name="Inbox" head={<SectionTabs screen="inbox" tabs={shown} selected={selected} />} class="sheet">
        <div class="panel-body">
          <NeedsLogIn purpose="Messages about your orders, transfers, alerts and the safety of your account stand here.">
            {selected === 'messages' && <Messages />}
            {selected === 'ways' && <MessagePreferences />}
            {selected === 'mail' && <Mailbox />}
          </NeedsLogIn>
        </div>
      </Panel>
    </div>
  );
}
