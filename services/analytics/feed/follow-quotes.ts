/** Updates the board from the market's quote streams. */
import type { MarketService } from '#gen/outcry/market/v1/market_pb.ts';
import type { RpcClient } from '#platform/rpc/client.ts';
import { logRetry } from '#platform/telemetry/log-retry.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { backoffMs, pause } from '#platform/time/pause.ts';
import { startTimer } from '#platform/time/timer.ts';
import type { QuoteBoard } from '../view/quote-board.ts';

/** What the follower works with. */
export type FollowQuotesOptions = {
  market: Pick<RpcClient<typeof MarketService>, 'listInstruments' | 'streamQuotes'>;
  board: QuoteBoard;
  /** Runs once the board has a quote of every instrument. */
  onComplete: () => void;
  signal: AbortSignal;
  logger: Logger;
  /** How often to look for new instruments; default 30 s. */
  relistEveryMs?: number;
};

/** Symbols of one stream; the market takes no more. */
const symbolsPerStream = 100;
/** Pages of instruments that are read at most, of 200 each. */
const pagesMax = 25;
/** Silence, heartbeats included, after which a stream is taken for dead. */
const stallTimeoutMs = 25_000;
const restartMaxMs = 2_000;

/**
 * Follows every instrument until the signal aborts; instruments that come later get streams of their own. While the market is
 * unavailable the board does not change.
 */
export async function followQuotes(options: FollowQuotesOptions): Promise<void> {
  const { board, onComplete, signal, logger, relistEveryMs = 30_000 } = options;
  const followed = new Set<string>();
  const streams: Promise<void>[] = [];
  let failures = 0;
  while (!signal.aborted) {
    try {
      const names = await readNames(options);
      board.setNames(names);
      const added = [...names.keys()].filter((symbol) => !followed.has(symbol));
      for (const symbol of added) followed.add(symbol);
      for (let from = 0; from < added.length; from += symbolsPerStream) {
        const symbols = added.slice(from, from + symbolsPerStream);
        streams.push(followSome(options, symbols, () => board.entries().length >= followed.size && onComplete()));
      }
      failures = 0;
    } catch (error) {
      if (signal.aborted) break;
      failures += 1;
      logRetry(logger, { failures }, error, 'the instruments could not be read');
    }
    const waitMs = failures > 0 ? backoffMs(failures - 1, 100, restartMaxMs) : relistEveryMs;
    await pause(waitMs, signal);
  }
  await Promise.all(streams);
}

async function readNames({ market, signal }: FollowQuotesOptions): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  let pageToken = '';
  for (let page = 0; page < pagesMax; page += 1) {
    const answer = await market.listInstruments({ pageSize: 200, pageToken }, { signal });
    for (const { symbol, name } of answer.instruments) names.set(symbol, name);
    pageToken = answer.nextPageToken;
    if (pageToken === '') break;
  }
  return names;
}

/** One stream after another: each ends by its age, and may break. */
async function followSome(
  { market, board, signal, logger }: FollowQuotesOptions,
  symbols: string[],
  onSnapshot: () => void,
): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    const stalled = new AbortController();
    using silence = startTimer(stallTimeoutMs, () => stalled.abort());
    // A stream that ends by its age is opened again at once; one that ends empty is not asked in a tight loop.
    failures += 1;
    try {
      const stream = market.streamQuotes({ symbols }, { signal: AbortSignal.any([signal, stalled.signal]) });
      for await (const { message, epoch } of stream) {
        silence.restart();
        failures = 0;
        if (message.case === 'snapshot') {
          board.put(message.value.quotes, epoch);
          onSnapshot();
        } else if (message.case === 'quote') board.put([message.value], epoch);
        else if (message.case === 'end') break;
      }
    } catch (error) {
      if (signal.aborted) return;
      failures = Math.max(failures, 1);
      logRetry(logger, { failures }, error, 'following the quotes failed; beginning again');
    }
    if (failures > 0) await pause(backoffMs(failures - 1, 100, restartMaxMs), signal);
  }
}
