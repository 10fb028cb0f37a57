/** The price table: one stream for all symbols. */
import { anyone } from './api.ts';
import { byId, element, setText } from './dom.ts';
import { follow } from './follow.ts';
import { grouped, signed, words } from './format.ts';
import { type Column, createTable, figureColumn, toneOf } from './table.ts';

type Instrument = { symbol: string; name?: string };
type Quote = {
  symbol: string;
  bidPrice?: string;
  askPrice?: string;
  lastPrice?: string;
  changePercent?: string;
  volume?: string;
  state?: string;
};

const service = 'outcry.market.v1.MarketService';
// The most symbols that one stream takes.
const symbolsMax = 100;

/** Shows live quotes until the signal aborts. `on` is called with the listed symbols, the selected one, and whether prices are current. */
export function showQuotes(
  signal: AbortSignal,
  on: { symbols: (symbols: string[]) => void; select: (symbol: string) => void; current: (isCurrent: boolean) => void },
): { markSelected: (symbol: string) => void } {
  const names = new Map<string, string>();
  const quotes = new Map<string, Quote>();
  let selected = '';
  const show = createTable<Quote>({
    body: byId('quotes'),
    keyOf: ({ symbol }) => symbol,
    emptyText: 'No prices yet.',
    columns: [
      symbolColumn({ nameOf: (symbol) => names.get(symbol) ?? '', isSelected: (symbol) => symbol === selected, on }),
      figureColumn(({ bidPrice }) => grouped(bidPrice)),
      figureColumn(({ askPrice }) => grouped(askPrice)),
      figureColumn(({ lastPrice }) => grouped(lastPrice)),
      figureColumn(
        ({ changePercent }) => (changePercent ? `${signed(changePercent)} %` : ''),
        ({ changePercent }) => toneOf(changePercent),
      ),
      figureColumn(({ volume }) => grouped(volume)),
    ],
  });
  const showAll = () => show([...quotes.values()]);
  // The list is read again at each start of the stream: instruments may have come.
  const readSymbols = async () => {
    const { instruments = [] } = await anyone.call(`${service}/ListInstruments`, { pageSize: symbolsMax });
    names.clear();
    for (const { symbol, name } of instruments as Instrument[]) names.set(symbol, name ?? '');
    on.symbols([...names.keys()]);
    return [...names.keys()];
  };
  void follow(
    {
      async *stream(untilSignal) {
        yield* anyone.stream(`${service}/StreamQuotes`, { symbols: await readSymbols() }, untilSignal);
      },
      async poll() {
        const symbols = names.size > 0 ? [...names.keys()] : await readSymbols();
        return { snapshot: await anyone.call(`${service}/ListQuotes`, { symbols }) };
      },
      onMessage(message) {
        const { snapshot, quote } = message as { snapshot?: { quotes?: Quote[] }; quote?: Quote };
        for (const one of snapshot?.quotes ?? (quote === undefined ? [] : [quote])) quotes.set(one.symbol, one);
        showAll();
      },
      onCurrent: on.current,
    },
    signal,
  );
  return {
    markSelected(symbol) {
      selected = symbol;
      showAll();
    },
  };
}

function symbolColumn(options: {
  nameOf: (symbol: string) => string;
  isSelected: (symbol: string) => boolean;
  on: { select: (symbol: string) => void };
}): Column<Quote> {
  return (cell, { symbol, state }) => {
    if (cell.firstChild === null) {
      const button = element('button', symbol);
      button.type = 'button';
      button.className = 'symbol';
      button.addEventListener('click', () => options.on.select(symbol));
      cell.append(button, element('small'));
    }
    const [button, note] = cell.children as unknown as [HTMLButtonElement, HTMLElement];
    button.setAttribute('aria-pressed', String(options.isSelected(symbol)));
    const isTrading = state === undefined || state === 'TRADING_STATE_CONTINUOUS';
    setText(note, isTrading ? options.nameOf(symbol) : words(state, 'TRADING_STATE_'));
    note.className = isTrading ? 'name' : 'down';
  };
}
