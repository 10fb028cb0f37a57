/** The bounds of the port: what one client may take, and for how long it may be silent. */

/** The bounds. Times are in ms and hold for HTTP/1.1 and HTTP/2 alike unless they say otherwise. */
export type OnePortLimits = {
  /** Open connections; further ones are closed at once. */
  connectionsMax: number;
  /** A connection must have sent the bytes that show its protocol in this time. */
  firstByteTimeoutMs: number;
  /**
   * The head of a request must be complete in this time. HTTP/2: so must the preface with its SETTINGS, and a peer without a call
   * must have acknowledged a PING, which it cannot do inside of a frame that it has not finished.
   */
  headersTimeoutMs: number;
  /** A request must be complete in this time, unless its answer has begun (HTTP/2). */
  requestTimeoutMs: number;
  /** An answer of which the client takes nothing for this time is cut off. */
  unreadTimeoutMs: number;
  /** A connection without a call is closed after this time. */
  idleTimeoutMs: number;
  /** HTTP/2: a connection with calls, such as a stream that is read for hours, gets a PING this often ... */
  pingIntervalMs: number;
  /** ... and is closed when it does not acknowledge it in this time. */
  pingTimeoutMs: number;
  /** Calls at once on one HTTP/2 connection. */
  concurrentStreamsMax: number;
  /**
   * New calls a second on one HTTP/2 connection on average, and as many at once. Those beyond are refused; a client that goes on
   * until it is behind by a second's worth gets GOAWAY with ENHANCE_YOUR_CALM.
   */
  newStreamsPerSecondMax: number;
  /** As how many new calls a reset counts in that. */
  resetCost: number;
  /** Calls of all connections that wait for their start; when there are more, the client with the most waiting is refused one. */
  startsWaitingMax: number;
  /** Bytes of all headers of one request. */
  headerBytesMax: number;
  /** The rest of a refused HTTP/1.1 body up to this length is read, so that the connection can be used again. */
  discardedBytesMax: number;
  /** How long a connection that is closed on a client in the middle of its request is left to it to read the answer. */
  lingerMs: number;
};

/** The defaults. */
export const defaultOnePortLimits: OnePortLimits = {
  connectionsMax: 20_000,
  firstByteTimeoutMs: 10_000,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  unreadTimeoutMs: 60_000,
  idleTimeoutMs: 65_000,
  pingIntervalMs: 30_000,
  pingTimeoutMs: 20_000,
  concurrentStreamsMax: 256,
  newStreamsPerSecondMax: 2_000,
  resetCost: 20,
  startsWaitingMax: 10_000,
  headerBytesMax: 32 * 1024,
  discardedBytesMax: 256 * 1024,
  lingerMs: 2_000,
};
