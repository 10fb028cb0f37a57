/** Trades of the symbol that is shown: a ring of the newest, with gaps where some were left out. */
import { effect, signal } from '@preact/signals';
import type { StreamTradesResponse, Trade } from '#gen/outcry/market/v1/market_pb.ts';
import { market } from '../rpc/clients.ts';
import { follow } from '../rpc/follow.ts';
import { onNextFigureFrame } from './frame.ts';
import { selectedSymbol } from './selection.ts';
import { addTrades, type Tape, withGap } from './tape-ring.ts';

const historySize = 100;

/** The newest trades of the selected symbol. */
export const tape = signal<Tape>({ symbol: '', entries: [] });

/** Whether the tape has what was traded before. */
export const isTapeLoaded = signal(false);

type Listener = { onTrade: (trade: Trade) => void; onGap: () => void };
const listeners = new Set<Listener>();

/** Runs `listener` for each trade as it comes, and for each gap. Returns what ends that. */
export function onTrades(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Follows the trades of the selected symbol, for as long as the page lives. */
export function followTape(): void {
  let current = new AbortController();
  effect(() => {
    const symbol = selectedSymbol.value;
    current.abort();
    current = new AbortController();
    if (tape.peek().symbol !== symbol) tape.value = { symbol, entries: [] };
    isTapeLoaded.value = false;
    if (symbol !== '') void followTrades(symbol, current.signal);
  });
}

function followTrades(symbol: string, signal: AbortSignal): Promise<void> {
  const waiting: Trade[] = [];
  const flush = () => {
    if (!signal.aborted) tape.value = addTrades(tape.peek(), waiting.splice(0));
  };
  const take = (trade: Trade) => {
    waiting.push(trade);
    // While the tab is hidden there are no frames.
    if (waiting.length > 500) waiting.shift();
    onNextFigureFrame(flush);
  };
  const loadHistory = async (until: AbortSignal) => {
    const { trades } = await market.listTrades({ symbol, pageSize: historySize }, { signal: until });
    isTapeLoaded.value = true;
    return trades.toReversed();
  };
  return follow<StreamTradesResponse['message']>(
    {
      stream: async function* (until) {
        const stream = market.streamTrades({ symbols: [symbol] }, { signal: until });
        for (const trade of await loadHistory(until)) take(trade);
        for (const { onGap } of listeners) onGap();
        for await (const { message } of stream) yield message;
      },
      poll: async (until) => (await loadHistory(until)).map((value) => ({ case: 'trade', value }) as const),
      onMessage(message) {
        if (message.case === 'trade') {
          take(message.value);
          for (const { onTrade } of listeners) onTrade(message.value);
        } else if (message.case === 'gap') {
          tape.value = withGap(tape.peek(), Number(message.value.missedCount));
          for (const { onGap } of listeners) onGap();
          void loadHistory(signal).then(
            (trades) => trades.forEach(take),
            () => {},
          );
        }
      },
    },
    signal,
  );
}
