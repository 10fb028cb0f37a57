/** The web app. */
import { render } from 'preact';
import './styles/tokens.css';
import './styles/base.css';
import { App } from './app.tsx';
import { announceState } from './frame/announce-state.ts';
import { followTitle } from './frame/document-title.ts';
import { followProfile } from './frame/roles.ts';
import { openSheet } from './frame/sheets.ts';
import { onCommand, watchKeys } from './keyboard/commands.ts';
import { readAhead } from './rpc/clients.ts';
import { followArmed } from './screens/floor/armed.ts';
import { followSymbol } from './screens/floor/draft.ts';
import { followPreview } from './screens/floor/preview.ts';
import { followDraft } from './screens/floor/send-draft.ts';
import { followAccount } from './store/account.ts';
import { watchConnection } from './store/connection.ts';
import { followDepth } from './store/depth.ts';
import { followInstruments } from './store/instruments.ts';
import { followClock } from './store/market-clock.ts';
import { followOwnOrders } from './store/own-orders.ts';
import { applyPreferences } from './store/preferences.ts';
import { followQuotes } from './store/quotes.ts';
import { followSelectedQuote } from './store/selected-quote.ts';
import { followTape } from './store/tape.ts';
import { announceFills } from './trading/announce-fills.ts';
import { resolveStored } from './trading/intents.ts';

const forLife = new AbortController().signal;
// By then the first view is there, on a slow phone too.
const readAheadAfterMs = 10_000;

applyPreferences();
watchConnection();
watchKeys();
onCommand('search', () => (openSheet.value = 'search'));
onCommand('palette', () => (openSheet.value = 'search'));
onCommand('map', () => (openSheet.value = 'keys'));
const root = document.getElementById('app');
if (root !== null) render(<App />, root);
void followInstruments(forLife);
void followQuotes(forLife);
followSelectedQuote();
followClock();
followDepth();
followTape();
followOwnOrders();
followAccount();
followProfile();
followTitle();
announceFills();
announceState();
followSymbol();
followDraft();
followArmed();
followPreview();
resolveStored();
setTimeout(readAhead, readAheadAfterMs);
// Read after the page, which does not wait for it.
void import('./screens/inbox/follow-inbox.ts').then(
  ({ followInbox }) => followInbox(),
  () => {},
);
