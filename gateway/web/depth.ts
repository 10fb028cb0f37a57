/** The depth table of one symbol. */
import { stream } from './api.ts';
import { byId, keepUp, row } from './dom.ts';

type Level = { price: string; quantity: string };

let current = new AbortController();

/** Shows the live depth of `symbol` in place of the one shown before. */
export function showDepth(symbol: string): void {
  current.abort();
  current = new AbortController();
  const { signal } = current;
  byId('depth-symbol').textContent = symbol;
  void keepUp(
    async () => {
      const request = { symbol, levels: 10 };
      for await (const message of stream('outcry.market.v1.MarketService/StreamDepth', request, signal)) {
        const { depth } = message as { depth?: { bids?: Level[]; asks?: Level[] } };
        if (depth !== undefined && !signal.aborted) show(depth.bids ?? [], depth.asks ?? []);
      }
    },
    signal,
    () => {},
  );
}

function show(bids: Level[], asks: Level[]): void {
  const rows = Array.from({ length: Math.max(bids.length, asks.length) }, (_, index) =>
    row(
      [bids[index]?.quantity ?? '', 'number'],
      [bids[index]?.price ?? '', 'number up'],
      [asks[index]?.price ?? '', 'number down'],
      [asks[index]?.quantity ?? '', 'number'],
    ),
  );
  byId('depth').replaceChildren(...rows);
}
