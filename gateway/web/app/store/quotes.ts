/** Quotes by symbol, live. */
import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Quote, StreamQuotesResponse } from '#gen/outcry/market/v1/market_pb.ts';
import { market } from '../rpc/clients.ts';
import { follow } from '../rpc/follow.ts';
import { noteAttempt, noteBroken, noteMessage } from './connection.ts';
import { onNextFrame } from './frame.ts';

const signals = new Map<string, Signal<Quote | undefined>>();
const pending = new Map<string, Quote>();

/** Symbols with a quote, in alphabetical order. */
export const quotedSymbols = signal<readonly string[]>([]);

/** The quote of a symbol; undefined until there is one. */
export function quoteOf(symbol: string): ReadonlySignal<Quote | undefined> {
  return signalOf(symbol);
}

/** Follows the quotes of the first 100 instruments. */
export function followQuotes(signal: AbortSignal): Promise<void> {
  return follow<StreamQuotesResponse['message']>(
    {
      stream: async function* (until) {
        for await (const { message } of market.streamQuotes({}, { signal: until })) yield message;
      },
      poll: async (until) => {
        const { quotes } = await market.listQuotes({}, { signal: until });
        return [{ case: 'snapshot', value: { $typeName: 'outcry.market.v1.QuoteSnapshot', quotes } }];
      },
      onMessage(message) {
        noteMessage();
        if (message.case === 'snapshot') for (const quote of message.value.quotes) take(quote);
        else if (message.case === 'quote') take(message.value);
      },
      onAttempt: noteAttempt,
      onBroken: noteBroken,
    },
    signal,
  );
}

function take(quote: Quote): void {
  pending.set(quote.symbol, quote);
  onNextFrame(flush);
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
