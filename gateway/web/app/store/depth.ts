/** The book of the symbol that is shown. */
import { effect, signal } from '@preact/signals';
import type { Depth, StreamDepthResponse } from '#gen/outcry/market/v1/market_pb.ts';
import { market } from '../rpc/clients.ts';
import { follow } from '../rpc/follow.ts';
import { noteCurrent, noteOld } from './connection.ts';
import { onNextFigureFrame } from './frame.ts';
import { selectedSymbol } from './selection.ts';

/** Levels a side that are read: enough for grouped rows. */
export const depthLevels = 100;

/** The book that is shown; undefined until it is read, never an empty one in its place. */
export const book = signal<Depth | undefined>(undefined);

/** Whether the book that is shown may be old: its stream broke, and has not come back. */
export const isBookOld = signal(false);

/** Follows the book of the selected symbol, for as long as the page lives. */
export function followDepth(): void {
  let current = new AbortController();
  effect(() => {
    const symbol = selectedSymbol.value;
    current.abort();
    current = new AbortController();
    if (book.peek()?.symbol !== symbol) book.value = undefined;
    isBookOld.value = false;
    if (symbol !== '') void followBook(symbol, current.signal);
  });
}

function followBook(symbol: string, signal: AbortSignal): Promise<void> {
  const feed = `depth of ${symbol}`;
  let latest: Depth | undefined;
  signal.addEventListener('abort', () => noteCurrent(feed));
  const flush = () => {
    if (!signal.aborted && latest !== undefined) book.value = latest;
  };
  return follow<StreamDepthResponse['message']>(
    {
      stream: async function* (until) {
        for await (const { message } of market.streamDepth({ symbol, levels: depthLevels }, { signal: until }))
          yield message;
      },
      poll: async (until) => {
        const { depth } = await market.getDepth({ symbol, levels: depthLevels }, { signal: until });
        return depth === undefined ? [] : [{ case: 'depth', value: depth }];
      },
      onBroken: () => {
        isBookOld.value = !signal.aborted && book.peek() !== undefined;
      },
      onMessage(message) {
        if (message.case !== 'depth') return;
        isBookOld.value = false;
        latest = message.value;
        onNextFigureFrame(flush);
        noteCurrent(feed);
      },
      onPaused: () => noteOld(feed),
    },
    signal,
  );
}
