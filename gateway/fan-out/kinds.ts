/** The streams that are shared, all of the market: how a request falls into symbols, and what a message stands for. */
import { type DescMethod, isMessage, type Message } from '@bufbuild/protobuf';
import {
  type Candle,
  CandleInterval,
  MarketService,
  StreamCandlesRequestSchema,
  StreamDepthRequestSchema,
  StreamEndReason,
  type StreamPosition,
  StreamQuotesRequestSchema,
  type StreamQuotesResponse,
  StreamTradesRequestSchema,
} from '#gen/outcry/market/v1/market_pb.ts';
import { readPositions, type SymbolPosition } from '#platform/stream/resume-token.ts';

/** What all messages of these streams have. */
export type StreamMessage = Message & {
  epoch: string;
  sequence: bigint;
  conflatedCount?: bigint;
  message: { case?: string | undefined; value?: unknown };
};

/** What all requests of these streams have. */
type StreamRequest = { resumeToken: string; positions: StreamPosition[]; streamId: string };

/** A request as it was read. */
type Asked = Pick<Subscription, 'symbols' | 'terms'> & { request: StreamRequest };

/** A stream as it is asked for: equal ones are served together. Empty symbols: the first instruments. */
export type Subscription = {
  kind: StreamKind;
  /** What of the request holds for each symbol beside it. */
  terms: { levels?: number; interval?: CandleInterval };
  symbols: readonly string[];
  positions: ReadonlyMap<string, SymbolPosition>;
  streamId: string;
};

/** A kind of stream. */
export type StreamKind = {
  readonly name: 'quotes' | 'depth' | 'trades' | 'candles';
  readonly method: DescMethod;
  readonly symbolsMax: number;
  slotOf(message: StreamMessage): string | undefined;
  /** The symbols and terms of a request; undefined: the market shall say what it makes of it. */
  read(request: Message): Asked | undefined;
};

const symbolsMax = 100;
const levelsMax = 100;
const levelsDefault = 10;
const symbolPattern = /^[A-Z0-9.]{1,12}$/;
const streamIdPattern = /^[\w-]{16,64}$/;
const { streamQuotes, streamDepth, streamTrades, streamCandles } = MarketService.method;
const intervals = new Set<number | string>(Object.values(CandleInterval));

const quotes: StreamKind = {
  name: 'quotes',
  method: streamQuotes,
  symbolsMax,
  slotOf: ({ message }) => (message.case === 'quote' ? 'quote' : undefined),
  read: (request) =>
    isMessage(request, StreamQuotesRequestSchema)
      ? { request, symbols: [...new Set(request.symbols)], terms: {} }
      : undefined,
};

const depth: StreamKind = {
  name: 'depth',
  method: streamDepth,
  symbolsMax: 1,
  slotOf: ({ message }) => (message.case === 'depth' ? 'depth' : undefined),
  read(request) {
    if (!isMessage(request, StreamDepthRequestSchema)) return undefined;
    const { symbol, levels } = request;
    if (symbol === '' || levels < 0 || levels > levelsMax) return undefined;
    return { request, symbols: [symbol], terms: { levels: levels || levelsDefault } };
  },
};

const trades: StreamKind = {
  name: 'trades',
  method: streamTrades,
  symbolsMax,
  slotOf: () => undefined,
  read: (request) =>
    isMessage(request, StreamTradesRequestSchema)
      ? { request, symbols: [...new Set(request.symbols)], terms: {} }
      : undefined,
};

const candles: StreamKind = {
  name: 'candles',
  method: streamCandles,
  symbolsMax,
  slotOf: ({ message }) => (message.case === 'candle' ? startOf(message.value as Candle) : undefined),
  read(request) {
    if (!isMessage(request, StreamCandlesRequestSchema)) return undefined;
    const { symbol, symbols, interval } = request;
    if ((symbol === '') === (symbols.length === 0) || !intervals.has(interval)) return undefined;
    const all = symbol === '' ? [...new Set(symbols)].sort() : [symbol];
    return { request, symbols: all, terms: { interval: interval || CandleInterval.CANDLE_INTERVAL_1M } };
  },
};

/** All kinds. */
export const streamKinds: readonly StreamKind[] = [quotes, depth, trades, candles];

/** The subscription of a request; undefined for one that the market shall answer itself, as it may refuse it. */
export function subscriptionOf(kind: StreamKind, request: Message): Subscription | undefined {
  const asked = kind.read(request);
  if (asked === undefined) return undefined;
  const { symbols, terms } = asked;
  const { streamId, resumeToken, positions } = asked.request;
  if (streamId !== '' && !streamIdPattern.test(streamId)) return undefined;
  if (symbols.length > symbolsMax || !symbols.every((symbol) => symbolPattern.test(symbol))) return undefined;
  try {
    return { kind, symbols, terms, streamId, positions: readPositions(resumeToken, positions) };
  } catch {
    return undefined;
  }
}

/** Quotes of a snapshot of one symbol as the message of a change. */
export function quoteOfSnapshot(message: StreamMessage): Partial<StreamQuotesResponse> | undefined {
  const { epoch, sequence, message: content } = message as StreamQuotesResponse;
  const quote = content.case === 'snapshot' ? content.value.quotes[0] : undefined;
  return quote && { epoch, sequence, message: { case: 'quote', value: quote } };
}

/** Why streams end, as messages say it. */
export const endReasons = { age: StreamEndReason.AGE, shutdown: StreamEndReason.SHUTDOWN };

function startOf({ startTime }: Candle): string {
  return `${startTime?.seconds ?? 0n}`;
}
