/** Messages of the streams, each serialised once for all readers. */
import {
  StreamCandlesResponseSchema,
  StreamDepthResponseSchema,
  StreamQuotesResponseSchema,
  StreamTradesResponseSchema,
} from '#gen/outcry/market/v1/market_pb.ts';
import type { EncodedMessage } from '#platform/rpc/server.ts';
import type { Candle } from '../../domain/candle.ts';
import { depthOf, quoteOf } from '../../view/book-messages.ts';
import type { MarketView } from '../../view/market-view.ts';
import type { SymbolView } from '../../view/symbol-view.ts';
import { candleMessageOf, encode } from '../messages/market-messages.ts';

/** The position of a symbol's feed. */
export type Position = { epoch: string; sequence: bigint };

/** The current epoch and sequence of the symbol; empty and 0 while it has no view. */
export function positionOf(view: MarketView, symbol: string | undefined): Position {
  const symbolView = symbol === undefined ? undefined : view.get(symbol);
  return { epoch: view.epochOf(symbolView), sequence: symbolView?.sequence ?? 0n };
}

/** The current quote of the symbol, made once for all readers. */
export function sharedQuote(symbolView: SymbolView) {
  symbolView.messages.quote ??= { quote: quoteOf(symbolView) };
  return symbolView.messages.quote;
}

/** The message of the current quote. */
export function encodedQuote(view: MarketView, symbolView: SymbolView): EncodedMessage {
  const shared = sharedQuote(symbolView);
  shared.encoded ??= encode(StreamQuotesResponseSchema, {
    ...positionOf(view, symbolView.symbol),
    message: { case: 'quote', value: shared.quote },
  });
  return shared.encoded;
}

/** The message of the best `levels` of the book. */
export function encodedDepth(view: MarketView, symbolView: SymbolView, levels: number): EncodedMessage {
  const { depths } = symbolView.messages;
  const known = depths.get(levels);
  if (known !== undefined) return known;
  const encoded = encode(StreamDepthResponseSchema, {
    ...positionOf(view, symbolView.symbol),
    message: { case: 'depth', value: depthOf(symbolView, levels) },
  });
  depths.set(levels, encoded);
  return encoded;
}

const encodedCandles = new WeakMap<Candle, EncodedMessage>();

/** The message of a candle. */
export function encodedCandle(view: MarketView, symbolView: SymbolView, candle: Candle): EncodedMessage {
  const known = encodedCandles.get(candle);
  if (known !== undefined) return known;
  const encoded = encode(StreamCandlesResponseSchema, {
    epoch: view.epochOf(symbolView),
    sequence: candle.sequence,
    message: { case: 'candle', value: candleMessageOf(candle, symbolView.steps) },
  });
  encodedCandles.set(candle, encoded);
  return encoded;
}

/** The message that a reader of trades has missed `missedCount` of them; 0 when history was lost and the number is unknown. */
export function encodedGap(position: Position, missedCount: bigint, symbol = ''): EncodedMessage {
  return encode(StreamTradesResponseSchema, { ...position, message: { case: 'gap', value: { missedCount, symbol } } });
}
