/** Quotes by symbol, live. */
import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Quote, StreamQuotesResponse } from '#gen/outcry/market/v1/market_pb.ts';
import { market } from '../rpc/clients.ts';
import { follow } from '../rpc/follow.ts';
import { connection, noteAttempt, noteBroken, noteCurrent, noteMessage, noteOld } from './connection.ts';
import { onNextFigureFrame } from './frame.ts';
import { createQuietCheck } from './quiet-check.ts';

const signals = new Map<string, Signal<Quote | undefined>>();
const pending = new Map<string, Quote>();

/** Symbols with a quote, in alphabetical order. */
export const quotedSymbols = signal<readonly string[]>([]);

/** The quote of a symbol; undefined until there is one. */
export function quoteOf(symbol: string): ReadonlySignal<Quote | undefined> {
  return signalOf(symbol);
}

type Message = StreamQuotesResponse['message'];

/** Symbols that the stream of all quotes has; undefined until its first message. */
export const streamedSymbols = signal<ReadonlySet<string> | undefined>(undefined);

const lookEveryMs = 500;

/** Follows the quotes of the first 100 instruments. */
export function followQuotes(signal: AbortSignal): Promise<void> {
  const source = sourceOf([]);
  const quiet = createQuietCheck({
    now: () => performance.now(),
    read: async () => {
      const messages = await source.poll(signal);
      // Prices that were read stand for the stream only while that is open.
      if (connection.peek().word !== 'live') return;
      noteMessage();
      messages.forEach(takeMessage);
    },
  });
  const timer = setInterval(() => document.visibilityState === 'visible' && void quiet.look(), lookEveryMs);
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  return follow<Message>(
    {
      ...source,
      onMessage(message) {
        quiet.heard();
        noteMessage();
        if (message.case === 'snapshot') {
          streamedSymbols.value = new Set(message.value.quotes.map(({ symbol }) => symbol));
          noteCurrent('quotes');
        }
        takeMessage(message);
      },
      onPaused: () => noteOld('quotes'),
      onAttempt: noteAttempt,
      onBroken: noteBroken,
    },
    signal,
  );
}

/** Follows the quote of one symbol that is not among these. */
export function followQuote(symbol: string, signal: AbortSignal): Promise<void> {
  const feed = `quote of ${symbol}`;
  signal.addEventListener('abort', () => noteCurrent(feed));
  return follow<Message>(
    {
      ...sourceOf([symbol]),
      onMessage(message) {
        takeMessage(message);
        if (message.case !== 'heartbeat') noteCurrent(feed);
      },
      onPaused: () => noteOld(feed),
    },
    signal,
  );
}

function sourceOf(symbols: string[]) {
  return {
    stream: async function* (until: AbortSignal) {
      for await (const { message } of market.streamQuotes({ symbols }, { signal: until })) yield message;
    },
    poll: async (until: AbortSignal): Promise<Message[]> => {
      const { quotes } = await market.listQuotes({ symbols }, { signal: until });
      return [{ case: 'snapshot', value: { $typeName: 'outcry.market.v1.QuoteSnapshot', quotes } }];
    },
  };
}

function takeMessage(message: Message): void {
  if (message.case === 'snapshot') for (const quote of message.value.quotes) take(quote);
  else if (message.case === 'quote') take(message.value);
}

function take(quote: Quote): void {
  pending.set(quote.symbol, quote);
  onNextFigureFrame(flush);
}

function flush(): void {
  for (const [symbol, quote] of pending) signalOf(symbol).value = quote;
  const isNew = [...pending.keys()].some((symbol) => !quotedSymbols.peek().includes(symbol));
  if (isNew) quotedSymbols.value = [...new Set([...quotedSymbols.peek(), ...pending.keys()])].toSorted();
  pending.clear();
}

function signalOf(symbol: string): Signal<Quote | undefined> {
  const known = signals.get(symbol);
  if (known !== undefined) return known;
  const made = signal<Quote | undefined>(undefined);
  signals.set(symbol, made);
  return made;
}
