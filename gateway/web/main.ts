/** The first page: live prices and depth for all visitors; account, ticket and orders for the logged-in user. */
import { showAccount } from './account.ts';
import { createDepth } from './depth.ts';
import { byId, setText } from './dom.ts';
import { wireLogIn } from './log-in.ts';
import { showOrders } from './orders.ts';
import { showQuotes } from './quotes.ts';
import { createTicket } from './ticket.ts';

const showDepth = createDepth();
let selected = '';
let known: readonly string[] = [];

const ticket = createTicket((symbol) => select(symbol));
const quotes = showQuotes(new AbortController().signal, {
  symbols(symbols) {
    known = symbols;
    ticket.offer(symbols);
    const first = symbolInAddress() ?? symbols[0];
    if (selected === '' && first !== undefined) choose(first);
  },
  select: (symbol) => choose(symbol),
  current(isCurrent) {
    setText(byId('connection'), isCurrent ? 'live' : 'reconnecting');
    document.body.classList.toggle('stale', !isCurrent);
  },
});

wireLogIn((signal) => {
  const readBalances = showAccount(signal);
  ticket.open(signal);
  showOrders(signal, (order) => {
    ticket.update(order);
    readBalances();
  });
});

addEventListener('hashchange', () => {
  const symbol = symbolInAddress();
  if (symbol !== undefined) choose(symbol);
});

function symbolInAddress(): string | undefined {
  const symbol = location.hash.slice(1).toUpperCase();
  return known.includes(symbol) ? symbol : undefined;
}

function choose(symbol: string): void {
  ticket.choose(symbol);
  select(symbol);
}

// The address names the symbol, so that the page can be bookmarked.
function select(symbol: string): void {
  selected = symbol;
  history.replaceState(null, '', `#${symbol}`);
  quotes.markSelected(symbol);
  showDepth(symbol);
}
