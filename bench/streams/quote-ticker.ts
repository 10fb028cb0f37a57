/** A market that consists of prices which change by the clock. Each has the time at which it was made, so that readers can measure its age. */
import type { StreamQuotesRequest } from '#gen/outcry/market/v1/market_pb.ts';
import { startInterval, type Timer } from '#platform/time/timer.ts';
import { stampNow } from './stamps.ts';

/** How prices change: every `everyMs` as many symbols as `atOnce`, in turn; each message `paddingBytes` longer. */
export type Pace = { everyMs: number; atOnce: number; paddingBytes: number };

type Open = { symbols: ReadonlySet<string>; changed: Set<string>; wake: (() => void) | undefined };

/** The symbols of the bench. */
export const symbolsOf = (count: number): string[] => Array.from({ length: count }, (_, index) => `S${index}`);

/** A market without changes; of a slow reader each symbol has the newest. */
export function createQuoteTicker(symbols: readonly string[]) {
  const streams = new Set<Open>();
  let timer: Timer | undefined;
  let next = 0;
  let sequence = 1n;
  let stamp = stampNow();
  let padding = '';
  const quoteOf = (symbol: string) => ({ symbol, volume: `${stamp}${padding}`, sequence });
  const tick = (atOnce: number) => {
    stamp = stampNow();
    sequence += 1n;
    const moved = Array.from({ length: atOnce }, () => symbols[next++ % symbols.length] ?? '');
    for (const stream of streams) {
      for (const symbol of moved) if (stream.symbols.has(symbol)) stream.changed.add(symbol);
      if (stream.changed.size > 0) stream.wake?.();
    }
  };
  return {
    setPace({ everyMs, atOnce, paddingBytes }: Pace): void {
      timer?.[Symbol.dispose]();
      padding = '0'.repeat(paddingBytes);
      timer = startInterval(everyMs, () => tick(atOnce));
    },
    async *streamQuotes({ symbols: asked }: StreamQuotesRequest, { signal }: { signal: AbortSignal }) {
      const open: Open = { symbols: new Set(asked), changed: new Set(), wake: undefined };
      streams.add(open);
      signal.addEventListener('abort', () => open.wake?.(), { once: true });
      try {
        yield { epoch: 'e', sequence, message: { case: 'snapshot' as const, value: { quotes: asked.map(quoteOf) } } };
        while (!signal.aborted) {
          const changed = [...open.changed];
          open.changed.clear();
          for (const symbol of changed) {
            yield { epoch: 'e', sequence, message: { case: 'quote' as const, value: quoteOf(symbol) } };
          }
          if (open.changed.size === 0 && !signal.aborted) {
            await new Promise<void>((resolve) => {
              open.wake = resolve;
            });
          }
        }
      } finally {
        streams.delete(open);
      }
    },
  };
}
