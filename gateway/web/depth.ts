/** The depth table of one symbol. */
import { anyone } from './api.ts';
import { byId, setText } from './dom.ts';
import { follow } from './follow.ts';
import { grouped } from './format.ts';
import { createTable, figureColumn } from './table.ts';

type Level = { price: string; quantity: string };
type Row = { index: number; bid?: Level | undefined; ask?: Level | undefined };

const service = 'outcry.market.v1.MarketService';
const levels = 10;

/** The depth table, empty at first. Returns a function that shows the live depth of a symbol. */
export function createDepth(): (symbol: string) => void {
  const title = byId('depth-symbol');
  const show = createTable<Row>({
    body: byId('depth'),
    keyOf: ({ index }) => String(index),
    emptyText: 'No orders in the book.',
    columns: [
      // A level has no name of its own: its place heads the row.
      (cell, { index }) => void setText(cell, String(index + 1)),
      figureColumn(({ bid }) => grouped(bid?.quantity)),
      figureColumn(
        ({ bid }) => grouped(bid?.price),
        () => 'up',
      ),
      figureColumn(
        ({ ask }) => grouped(ask?.price),
        () => 'down',
      ),
      figureColumn(({ ask }) => grouped(ask?.quantity)),
    ],
  });
  let current = new AbortController();
  let ended = Promise.resolve();
  return (symbol) => {
    if (title.textContent === symbol) return;
    setText(title, symbol);
    show([]);
    current.abort();
    current = new AbortController();
    const { signal } = current;
    // The stream before gives its slot back first.
    ended = ended.then(() => follow(feedOf(symbol, show), signal));
  };
}

function feedOf(symbol: string, show: (rows: Row[]) => void) {
  const request = { symbol, levels };
  return {
    stream: (signal: AbortSignal) => anyone.stream(`${service}/StreamDepth`, request, signal),
    poll: () => anyone.call(`${service}/GetDepth`, request),
    onMessage(message: { depth?: unknown }) {
      if (message.depth === undefined) return;
      const { bids = [], asks = [] } = message.depth as { bids?: Level[]; asks?: Level[] };
      const count = Math.max(bids.length, asks.length);
      show(Array.from({ length: count }, (_, index) => ({ index, bid: bids[index], ask: asks[index] })));
    },
  };
}
