/** One stream of the market's quotes for up to a hundred symbols, opened again for as long as it is wanted. */
import type { MarketService, Quote } from '#gen/outcry/market/v1/market_pb.ts';
import type { RpcClient } from '#platform/rpc/client.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { backoffMs, pause } from '#platform/time/pause.ts';
import { startTimer } from '#platform/time/timer.ts';
import { isUnknownSymbol } from './fetch-prices.ts';

/** A running lane. */
export type PriceLane = { readonly symbols: ReadonlySet<string>; stop(): void; readonly stopped: Promise<void> };

/** What a lane reads and whom it tells. */
export type PriceLaneOptions = {
  market: Pick<RpcClient<typeof MarketService>, 'streamQuotes'>;
  symbols: readonly string[];
  onQuote: (quote: Quote) => void;
  /** The market does not list one of several symbols; the lane has ended. */
  onUnknownSymbol: () => void;
  /** Silence after which the stream is taken for dead; the market sends a heartbeat every 10 s. */
  stallTimeoutMs: number;
  logger: Logger;
};

/** Opens the lane. A market that is gone is looked for again after 100 ms to 2 s, without end. */
export function openPriceLane(options: PriceLaneOptions): PriceLane {
  const stopping = new AbortController();
  const symbols = new Set(options.symbols);
  return { symbols, stop: () => stopping.abort(), stopped: runLane(options, symbols, stopping.signal) };
}

async function runLane(options: PriceLaneOptions, symbols: Set<string>, signal: AbortSignal): Promise<void> {
  for (let failures = 0; !signal.aborted; ) {
    try {
      const heard = await readOnce(options, symbols, signal);
      failures = heard ? 0 : failures + 1;
    } catch (error) {
      if (signal.aborted) return;
      if (isUnknownSymbol(error) && symbols.size > 1) return options.onUnknownSymbol();
      failures += 1;
      options.logger.debug({ error, failures }, 'no prices from the market at the moment');
    }
    await pause(backoffMs(failures, 50, 2_000), signal);
  }
}

async function readOnce(options: PriceLaneOptions, symbols: Set<string>, signal: AbortSignal): Promise<boolean> {
  const { market, onQuote, stallTimeoutMs } = options;
  const stalled = new AbortController();
  using timer = startTimer(stallTimeoutMs, () => stalled.abort());
  let heard = false;
  const streamSignal = AbortSignal.any([signal, stalled.signal]);
  for await (const { message } of market.streamQuotes({ symbols: [...symbols] }, { signal: streamSignal })) {
    timer.restart();
    heard = true;
    if (signal.aborted) return heard;
    if (message.case === 'snapshot') message.value.quotes.forEach(onQuote);
    else if (message.case === 'quote') onQuote(message.value);
  }
  return heard;
}
