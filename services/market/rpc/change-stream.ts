import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { ChangeStreamRequest } from '#gen/outcry/market/v1/market_pb.ts';
import { invalidArgument, notFound } from '#platform/errors/outcry-error.ts';
import type { MarketDeps } from '../deps.ts';
import { askedSymbols } from './request-fields.ts';

/** Sets the symbols of a stream that this replica serves. */
export async function changeStream({ catalogue, openStreams }: MarketDeps, request: ChangeStreamRequest) {
  if (request.symbols.length === 0) throw invalidArgument('symbols', 'must not be empty');
  const symbols = [...new Set(askedSymbols(catalogue, request.symbols))];
  const stream = openStreams.get(request.streamId);
  if (stream === undefined) throw notFound(ErrorReason.STREAM_NOT_FOUND, 'this process serves no such stream');
  if (symbols.length > stream.symbolsMax) throw invalidArgument('symbols', `must be at most ${stream.symbolsMax}`);
  stream.setSymbols(symbols);
  return { symbols };
}
