/** Streams over symbols: what all of them have in common beside their source. */
import type { DescMessage, MessageInitShape } from '@bufbuild/protobuf';
import { StreamEndReason, type StreamPosition } from '#gen/outcry/market/v1/market_pb.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import type { EncodedMessage } from '#platform/rpc/server.ts';
import { readPositions, type SymbolPosition, writeResumeToken } from '#platform/stream/resume-token.ts';
import { type EndCause, serveStream } from '#platform/stream/serve-stream.ts';
import type { MarketDeps } from '../../deps.ts';
import type { Conflations } from '../../view/measure-view.ts';
import { encode } from '../messages/market-messages.ts';
import { positionOf } from './encoded.ts';
import { named, type SymbolSource } from './open-streams.ts';

/** The fields that requests of all streams have. */
export type StreamRequest = { resumeToken: string; positions: StreamPosition[]; streamId: string };

/** What is particular to a stream. */
export type SymbolStream = {
  schema: DescMessage;
  symbols: readonly string[];
  symbolsMax: number;
  pauseMs?: number;
  signal: AbortSignal;
  open: (wake: () => void, own: OwnMessages & Conflations) => SymbolSource<EncodedMessage>;
};

/** Messages that are of one stream, and not shared. */
export type OwnMessages = { heartbeat(): EncodedMessage };

const reasons: Record<EndCause, StreamEndReason> = { age: StreamEndReason.AGE, shutdown: StreamEndReason.SHUTDOWN };
const streamIdPattern = /^[\w-]{16,64}$/;

/** The positions after which a stream goes on; empty: a new one. Throws INVALID_ARGUMENT for fields that are none. */
export function readResume(request: StreamRequest): Map<string, SymbolPosition> {
  const { streamId } = request;
  if (streamId !== '' && !streamIdPattern.test(streamId)) {
    throw invalidArgument('stream_id', 'must be 16 to 64 characters of A-Z, a-z, 0-9, - and _');
  }
  return readPositions(request.resumeToken, request.positions);
}

/** Serves the stream with heartbeats, an end with a token, and changes of its symbols. */
export async function* serveSymbolStream(
  { view, streamTimes, openStreams, noteConflated }: MarketDeps,
  { streamId }: StreamRequest,
  { schema, symbolsMax, pauseMs = 0, signal, open, ...stream }: SymbolStream,
): AsyncGenerator<EncodedMessage, void> {
  let { symbols } = stream;
  let source: SymbolSource<EncodedMessage> | undefined;
  const token = () => writeResumeToken(source?.positions?.() ?? symbols.map((symbol) => currentOf(symbol)));
  const currentOf = (symbol: string): SymbolPosition => ({ symbol, ...positionOf(view, symbol) });
  const message = (content: { case: string; value: object }) =>
    encode(schema, { ...positionOf(view, symbols[0]), message: content } as MessageInitShape<DescMessage>);
  const heartbeat = () => message({ case: 'heartbeat', value: { resumeToken: token() } });
  const opened = (wake: () => void) => {
    source = open(wake, { heartbeat, noteConflated });
    return source;
  };
  const onChange = (changed: readonly string[]) => {
    symbols = changed;
  };
  yield* serveStream(named(openStreams, streamId, opened, { symbolsMax, onChange }), {
    ...streamTimes,
    pauseMs,
    signal,
    heartbeat,
    end: (cause) => message({ case: 'end', value: { resumeToken: token(), reason: reasons[cause] } }),
  });
}
