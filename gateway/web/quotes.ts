/** The price table: one stream for all symbols. */
import { call, type Json, stream } from './api.ts';
import { byId, keepUp, row } from './dom.ts';

type Quote = {
  symbol: string;
  bidPrice?: string;
  askPrice?: string;
  lastPrice?: string;
  changePercent?: string;
  volume?: string;
};

/** Shows live quotes until the signal aborts; `onSelect` runs with the first symbol and with each that is clicked. */
export async function showQuotes(signal: AbortSignal, onSelect: (symbol: string) => void): Promise<void> {
  const rows = new Map<string, HTMLTableRowElement>();
  const status = byId('connection');
  await keepUp(
    async () => {
      const { instruments = [] } = (await call('outcry.market.v1.MarketService/ListInstruments', {
        pageSize: 100,
      })) as {
        instruments?: { symbol: string }[];
      };
      const symbols = instruments.map(({ symbol }) => symbol);
      if (rows.size === 0 && symbols[0] !== undefined) onSelect(symbols[0]);
      for await (const message of stream('outcry.market.v1.MarketService/StreamQuotes', { symbols }, signal)) {
        status.textContent = 'live';
        for (const quote of quotesIn(message)) showQuote(quote, rows, onSelect);
      }
    },
    signal,
    () => {
      status.textContent = 'reconnecting';
    },
  );
}

function quotesIn(message: Json): Quote[] {
  const { snapshot, quote } = message as { snapshot?: { quotes?: Quote[] }; quote?: Quote };
  return snapshot?.quotes ?? (quote === undefined ? [] : [quote]);
}

function showQuote(quote: Quote, rows: Map<string, HTMLTableRowElement>, onSelect: (symbol: string) => void): void {
  const change = quote.changePercent ?? '';
  const fresh = row(
    [''],
    [quote.bidPrice ?? '', 'number'],
    [quote.askPrice ?? '', 'number'],
    [quote.lastPrice ?? '', 'number'],
    [change === '' ? '' : `${change} %`, `number ${change.startsWith('-') ? 'down' : 'up'}`],
    [quote.volume ?? '', 'number'],
  );
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = quote.symbol;
  button.addEventListener('click', () => onSelect(quote.symbol));
  const known = rows.get(quote.symbol);
  if (known === undefined) {
    fresh.firstElementChild?.append(button);
    rows.set(quote.symbol, fresh);
    byId('quotes').append(fresh);
    return;
  }
  // Only the figures are replaced: the button keeps its focus.
  const cells = [...fresh.children].slice(1);
  for (const old of [...known.children].slice(1)) old.remove();
  known.append(...cells);
}
