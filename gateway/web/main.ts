/** The first page: live prices and depth for anybody; account and order ticket for who logs in. */
import { wireAccount } from './account.ts';
import { showDepth } from './depth.ts';
import { byId } from './dom.ts';
import { showQuotes } from './quotes.ts';
import { showOrders, wireTicket } from './ticket.ts';

const select = (symbol: string) => {
  showDepth(symbol);
  const input = byId<HTMLFormElement>('ticket').elements.namedItem('symbol') as HTMLInputElement;
  input.value = symbol;
};

wireTicket();
wireAccount((signal) => void showOrders(signal));
void showQuotes(new AbortController().signal, select);
