import { NeedsLogIn } from '../needs-log-in.tsx';

/** Inbox: messages of the system. */
export function InboxScreen() {
  return (
    <NeedsLogIn title="Inbox" purpose="Messages about your orders and money stand here.">
      <p class="status">This screen is on the way. The API has it already.</p>
    </NeedsLogIn>
  );
}
