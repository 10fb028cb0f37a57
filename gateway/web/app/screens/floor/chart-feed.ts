/** The candles of the selected symbol and time frame: read once, then grown from trades, and read again after a gap. */
import { effect } from '@preact/signals';
import { market } from '../../rpc/clients.ts';
import { rest } from '../../rpc/rest.ts';
import { onNextFigureFrame } from '../../store/frame.ts';
import { openingTimeFrame, selectedSymbol, selectedTimeFrame } from '../../store/selection.ts';
import { onTrades } from '../../store/tape.ts';
import { type Bar, barOf, barsRead, barWith, frames } from './candle-bars.ts';
import { fewBars, openingFrame } from './opening-frame.ts';

/** Who is shown bars: all of them, or the last one that changed. */
export type BarSink = {
  onAll: (bars: readonly Bar[]) => void;
  onBar: (bar: Bar) => void;
  onFailure: (error: unknown) => void;
};

const retryEveryMs = 2_000;

/** Follows the candles that are selected, until what it returns is called. */
export function followCandles(sink: BarSink): () => void {
  let current = new AbortController();
  const stop = effect(() => {
    const [symbol, frame] = [selectedSymbol.value, selectedTimeFrame.value];
    current.abort();
    current = new AbortController();
    sink.onAll([]);
    if (symbol === '') return;
    if (frame === undefined) void chooseFrame(symbol, sink, current.signal);
    else followOne(symbol, frame, sink, current.signal);
  });
  return () => {
    stop();
    current.abort();
  };
}

// Once for the page: a frame that is shown does not change by itself.
async function chooseFrame(symbol: string, sink: BarSink, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const chosen = await openingFrame(async (frame) => {
        const { interval, multiple } = frames[frame];
        return (await market.listCandles({ symbol, interval, multiple, pageSize: fewBars }, { signal })).candles.length;
      });
      if (!signal.aborted) openingTimeFrame.value = chosen;
      return;
    } catch (error) {
      if (signal.aborted) return;
      sink.onFailure(error);
      await rest(retryEveryMs, signal);
    }
  }
}

function followOne(symbol: string, frame: keyof typeof frames, sink: BarSink, signal: AbortSignal): void {
  const { interval, multiple, seconds } = frames[frame];
  let last: Bar | undefined;
  let isLoaded = false;
  const flush = () => {
    if (!signal.aborted && last !== undefined) sink.onBar(last);
  };
  const load = async () => {
    for (;;) {
      try {
        const { candles } = await market.listCandles({ symbol, interval, multiple, pageSize: barsRead }, { signal });
        if (signal.aborted) return;
        const bars = candles.map(barOf).reverse();
        last = bars.at(-1);
        isLoaded = true;
        return sink.onAll(bars);
      } catch (error) {
        if (signal.aborted) return;
        sink.onFailure(error);
        await rest(retryEveryMs, signal);
      }
    }
  };
  const stop = onTrades({
    onTrade(trade) {
      if (!isLoaded || trade.symbol !== symbol) return;
      const next = barWith(last, trade, seconds);
      if (next === undefined) return;
      // A bar that ends between two frames is drawn before the next one begins.
      if (last !== undefined && next.time !== last.time) flush();
      last = next;
      onNextFigureFrame(flush);
    },
    onGap: () => void (isLoaded && load()),
  });
  signal.addEventListener('abort', () => stop());
  void load();
}
