/** The limits of a server, over which it refuses calls. */

/** The bounds of one server; each has a default. */
export type RpcLimits = {
  /** Greatest size of a request message, in bytes as sent and as decompressed. Over it: RESOURCE_EXHAUSTED. */
  requestBytesMax: number;
  /** Greatest size of a response message in bytes; clients of this platform take as much. */
  responseBytesMax: number;
  /** Greatest size of a call's metadata in bytes, keys and values. Over it: RESOURCE_EXHAUSTED. */
  metadataBytesMax: number;
  /** Calls and streams at once on one connection; further ones wait at the peer. */
  concurrentStreamsMax: number;
  /** Unary calls in progress in the whole server. Over it: RESOURCE_EXHAUSTED with RetryInfo. */
  callsInFlightMax: number;
  /** Streams open in the whole server. Over it: RESOURCE_EXHAUSTED with RetryInfo. */
  streamsOpenMax: number;
  /** The deadline of a unary call whose caller gave none, in ms. */
  defaultDeadlineMs: number;
  /** A stream is asked to end at this age, give or take a tenth, in ms; sooner when its user's token ends. */
  streamAgeMaxMs: number;
  /** A stream that was asked to end is ended after this time, in ms. */
  streamEndGraceMs: number;
  /** Bytes written to one stream and not yet taken by its reader before the handler is made to wait. */
  streamBufferBytesMax: number;
  /** A silent connection is pinged after this time, in ms. */
  keepaliveTimeMs: number;
  /** A connection whose ping is not answered in this time, in ms, is closed. */
  keepaliveTimeoutMs: number;
};

/** The defaults. */
export const defaultLimits: RpcLimits = {
  requestBytesMax: 1024 * 1024,
  responseBytesMax: 8 * 1024 * 1024,
  metadataBytesMax: 16 * 1024,
  concurrentStreamsMax: 1_024,
  callsInFlightMax: 8_192,
  streamsOpenMax: 8_192,
  defaultDeadlineMs: 10_000,
  streamAgeMaxMs: 30 * 60_000,
  streamEndGraceMs: 2_000,
  streamBufferBytesMax: 64 * 1024,
  keepaliveTimeMs: 30_000,
  keepaliveTimeoutMs: 10_000,
};
