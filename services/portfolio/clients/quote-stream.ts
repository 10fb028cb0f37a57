/** One stream of the market's quotes for up to a hundred symbols, opened again until it is stopped. */
import type { MarketService, Quote } from '#gen/outcry/market/v1/market_pb.ts';
import type { RpcClient } from '#platform/rpc/client.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { backoffMs, pause } from '#platform/time/pause.ts';
import { startTimer } from '#platform/time/timer.ts';
import { isUnknownSymbol } from './fetch-prices.ts';

/** A running stream. */
export type QuoteStream = { readonly symbols: ReadonlySet<string>; stop(): void; readonly stopped: Promise<void> };

/** What a stream reads, and what it calls. */
export type QuoteStreamOptions = {
  market: Pick<RpcClient<typeof MarketService>, 'streamQuotes'>;
  symbols: readonly string[];
  onQuote: (quote: Quote) => void;
  /** The market does not list one of several symbols; the stream has ended. */
  onUnknownSymbol: () => void;
  /** Silence after which the stream counts as dead; the market sends a heartbeat every 10 s. */
  stallTimeoutMs: number;
  logger: Logger;
};

/** Opens the stream. While the market is away it is opened again after 50 ms to 2 s, without end. */
export function openQuoteStream(options: QuoteStreamOptions): QuoteStream {
  const stopping = new AbortController();
  const symbols = new Set(options.symbols);
  return { symbols, stop: () => stopping.abort(), stopped: runStream(options, symbols, stopping.signal) };
}

async function runStream(options: QuoteStreamOptions, symbols: Set<string>, signal: AbortSignal): Promise<void> {
  for (let failures = 0; !signal.aborted; ) {
    try {
      const hasReceived = await readOnce(options, symbols, signal);
      failures = hasReceived ? 0 : failures + 1;
    } catch (error) {
      if (signal.aborted) return;
      if (isUnknownSymbol(error) && symbols.size > 1) return options.onUnknownSymbol();
      failures += 1;
      options.logger.debug({ error, failures }, 'no prices from the market at the moment');
    }
    await pause(backoffMs(failures, 50, 2_000), signal);
  }
}

/** Reads one stream to its end; returns whether it brought any message. */
async function readOnce(options: QuoteStreamOptions, symbols: Set<string>, signal: AbortSignal): Promise<boolean> {
  const { market, onQuote, stallTimeoutMs } = options;
  const stalled = new AbortController();
  using silence = startTimer(stallTimeoutMs, () => stalled.abort());
  let hasReceived = false;
  const streamSignal = AbortSignal.any([signal, stalled.signal]);
  for await (const { message } of market.streamQuotes({ symbols: [...symbols] }, { signal: streamSignal })) {
    silence.restart();
    hasReceived = true;
    if (signal.aborted) return hasReceived;
    if (message.case === 'snapshot') message.value.quotes.forEach(onQuote);
    else if (message.case === 'quote') onQuote(message.value);
  }
  return hasReceived;
}
