/** One HTTP/2 connection: what its client may open, and when it ends. */
import http2, { type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type net from 'node:net';
import { Http2Peer } from './http2-peer.ts';
import type { OnePortLimits } from './limits.ts';
import type { Pulse } from './pulse.ts';
import { ignoreErrors } from './request-handler.ts';
import { StreamCredit } from './stream-credit.ts';

const { NGHTTP2_CANCEL, NGHTTP2_ENHANCE_YOUR_CALM, NGHTTP2_NO_ERROR, NGHTTP2_REFUSED_STREAM } = http2.constants;
/** What a connection on which no answer moves still writes: some PINGs. */
const standstillBytesMax = 1_000;

/** Admits the streams of a connection and enforces its times. */
export class Http2Connection {
  readonly address: string;
  readonly #session: ServerHttp2Session;
  readonly #socket: net.Socket;
  readonly #limits: OnePortLimits;
  readonly #clock: Pulse;
  readonly #credit: StreamCredit;
  readonly #peer: Http2Peer;
  /** The open streams, each with the time at which it began, or Infinity when its request is complete. */
  readonly #streams = new Map<ServerHttp2Stream, number>();
  #idleSinceMs: number;
  #endedMs: number | undefined;
  #writtenBytes = 0;
  #unreadSinceMs: number | undefined;

  constructor(options: { session: ServerHttp2Session; socket: net.Socket; limits: OnePortLimits; clock: Pulse }) {
    const { session, socket, limits, clock } = options;
    this.address = socket.remoteAddress ?? '';
    this.#session = session;
    this.#socket = socket;
    this.#limits = limits;
    this.#clock = clock;
    this.#credit = new StreamCredit({ perSecond: limits.newStreamsPerSecondMax, resetCost: limits.resetCost });
    this.#peer = new Http2Peer(session, socket, { limits, nowMs: clock.timeMs });
    this.#idleSinceMs = clock.timeMs;
    ignoreErrors(session);
  }

  /** Whether a new stream may become a call; one over the limit is refused, in the next turn if it is not reset until then. */
  admit(stream: ServerHttp2Stream): boolean {
    const verdict = this.#credit.take();
    if (verdict === 'exhausted') this.#end(NGHTTP2_ENHANCE_YOUR_CALM);
    else if (stream.closed) this.#onReset();
    else this.#watch(stream);
    if (stream.closed || stream.destroyed) return false;
    if (verdict === 'refused') setImmediate(() => this.refuse(stream));
    return verdict === 'granted';
  }

  /** Refuses a stream that has not started, so that its client may send the call again. */
  refuse(stream: ServerHttp2Stream): void {
    stream.off('aborted', this.#onReset);
    stream.close(NGHTTP2_REFUSED_STREAM);
  }

  /** Enforces the times; `nowMs` is that of the clock. */
  check(nowMs: number): void {
    const idleMs = nowMs - this.#idleSinceMs;
    if (this.#session.destroyed) this.#checkEnd(nowMs);
    else if (this.#streams.size > 0) this.#checkCalls(nowMs);
    else if (this.#peer.isStuckWithoutCalls(nowMs)) this.#end(NGHTTP2_NO_ERROR);
    // GOAWAY lets the client open another connection for its next call. One that reads nothing does not get it.
    else if (idleMs >= this.#limits.idleTimeoutMs + this.#limits.headersTimeoutMs) this.#end(NGHTTP2_NO_ERROR);
    else if (idleMs >= this.#limits.idleTimeoutMs) this.#session.close();
  }

  readonly #onReset = () => this.#credit.chargeReset();

  #watch(stream: ServerHttp2Stream): void {
    this.#streams.set(stream, stream.endAfterHeaders ? Number.POSITIVE_INFINITY : this.#clock.timeMs);
    stream.once('aborted', this.#onReset);
    // The trailers leave in the turn after.
    stream.once('finish', () => setImmediate(() => setImmediate(closeAnswered, stream)));
    stream.once('close', () => {
      this.#streams.delete(stream);
      this.#idleSinceMs = this.#clock.timeMs;
      this.#peer.noteCallEnded();
    });
  }

  #checkCalls(nowMs: number): void {
    for (const [stream, beganMs] of this.#streams) {
      if (nowMs - beganMs < this.#limits.requestTimeoutMs) continue;
      this.#streams.set(stream, Number.POSITIVE_INFINITY);
      if (!stream.headersSent && stream.state.remoteClose === 0) stream.close(NGHTTP2_CANCEL);
    }
    this.#checkUnread(nowMs);
    if (this.#peer.isGoneWithCalls(nowMs)) this.#end(NGHTTP2_NO_ERROR);
  }

  /** Ends the streams with pending answers when the client reads nothing from the connection. */
  #checkUnread(nowMs: number): void {
    const unread = [...this.#streams.keys()].filter((stream) => stream.writableLength > 0);
    const { bytesWritten } = this.#socket;
    if (unread.length === 0 || bytesWritten - this.#writtenBytes > standstillBytesMax) {
      this.#writtenBytes = bytesWritten;
      this.#unreadSinceMs = undefined;
      return;
    }
    this.#unreadSinceMs ??= nowMs;
    if (nowMs - this.#unreadSinceMs < this.#limits.unreadTimeoutMs) return;
    for (const stream of unread) stream.close(NGHTTP2_CANCEL);
  }

  #end(code: number): void {
    if (this.#session.destroyed) return;
    if (code === NGHTTP2_NO_ERROR) this.#session.destroy();
    else this.#session.destroy(new Error('the client opens more calls than it may'), code);
  }

  /** Destroys an ended connection whose client does not read the rest, which is GOAWAY at least. */
  #checkEnd(nowMs: number): void {
    this.#endedMs ??= nowMs;
    if (nowMs - this.#endedMs >= this.#limits.lingerMs) this.#socket.destroy();
  }
}

/** Ends a stream that has its whole answer: what its client still sends is of no use (RFC 9113, section 8.1). */
function closeAnswered(stream: ServerHttp2Stream): void {
  if (!stream.closed && !stream.destroyed && stream.state.localClose === 1) stream.close(NGHTTP2_NO_ERROR);
}
