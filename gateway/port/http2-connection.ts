/** One HTTP/2 connection: what its client may open, and for how long it may be silent. */
import http2, { type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type net from 'node:net';
import type { OnePortLimits } from './limits.ts';
import type { Pulse } from './pulse.ts';
import { ignoreErrors } from './request-handler.ts';
import { StreamCredit } from './stream-credit.ts';

const { NGHTTP2_CANCEL, NGHTTP2_ENHANCE_YOUR_CALM, NGHTTP2_NO_ERROR, NGHTTP2_REFUSED_STREAM } = http2.constants;
/** Bytes of the frame that acknowledges a PING. */
const pingAckBytes = 17;

/**
 * States of the peer, by what it sent: `greeting` until its SETTINGS came, then `certain` (all that arrived were whole frames) or
 * `uncertain` (something arrived since), which a PING resolves: it cannot be acknowledged inside of an unfinished frame.
 */
export class Http2Connection {
  readonly address: string;
  readonly #session: ServerHttp2Session;
  readonly #socket: net.Socket;
  readonly #limits: OnePortLimits;
  readonly #clock: Pulse;
  readonly #credit: StreamCredit;
  /** Streams whose request may be incomplete, with the time at which they began. */
  readonly #receiving = new Map<ServerHttp2Stream, number>();
  #openStreams = 0;
  #isGreeting = true;
  #idleSinceMs: number;
  #pingedMs: number;
  #isPingPending = false;
  /** What `bytesRead` of the socket was when all of it was known to be whole frames. */
  #certainBytes = 0;
  #uncertainSinceMs: number | undefined;
  #endedMs: number | undefined;

  constructor(options: { session: ServerHttp2Session; socket: net.Socket; limits: OnePortLimits; clock: Pulse }) {
    const { session, socket, limits, clock } = options;
    this.address = socket.remoteAddress ?? '';
    this.#session = session;
    this.#socket = socket;
    this.#limits = limits;
    this.#clock = clock;
    this.#credit = new StreamCredit({ perSecond: limits.newStreamsPerSecondMax, resetCost: limits.resetCost });
    this.#idleSinceMs = clock.timeMs;
    this.#pingedMs = clock.timeMs;
    session.once('remoteSettings', () => {
      this.#isGreeting = false;
    });
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

  /** Enforces the times; `timeMs` is that of the clock. */
  check(timeMs: number): void {
    const { headersTimeoutMs, requestTimeoutMs, idleTimeoutMs } = this.#limits;
    if (this.#session.destroyed) {
      this.#checkEnd(timeMs);
    } else if (this.#isGreeting) {
      if (timeMs - this.#idleSinceMs >= headersTimeoutMs) this.#end(NGHTTP2_NO_ERROR);
    } else if (this.#openStreams > 0) {
      for (const [stream, beganMs] of this.#receiving) {
        if (timeMs - beganMs >= requestTimeoutMs) this.#endRequest(stream);
      }
      this.#checkPeer(timeMs);
    } else if (timeMs - this.#idleSinceMs >= idleTimeoutMs) {
      this.#close(timeMs);
    } else {
      this.#checkFrames(timeMs);
    }
  }

  #watch(stream: ServerHttp2Stream): void {
    this.#openStreams += 1;
    if (!stream.endAfterHeaders) this.#receiving.set(stream, this.#clock.timeMs);
    stream.once('aborted', this.#onReset);
    // The trailers leave in the turn after.
    stream.once('finish', () => setImmediate(() => setImmediate(closeAnswered, stream)));
    stream.once('close', () => {
      this.#openStreams -= 1;
      this.#receiving.delete(stream);
      this.#idleSinceMs = this.#clock.timeMs;
      this.#uncertainSinceMs = undefined;
    });
  }

  readonly #onReset = () => this.#credit.chargeReset();

  #endRequest(stream: ServerHttp2Stream): void {
    this.#receiving.delete(stream);
    if (!stream.headersSent && stream.state.remoteClose === 0) stream.close(NGHTTP2_CANCEL);
  }

  /** A peer with calls may wait for their answers in silence for hours, as long as it is there. */
  #checkPeer(timeMs: number): void {
    const { pingIntervalMs, pingTimeoutMs } = this.#limits;
    const silentMs = timeMs - this.#pingedMs;
    if (this.#isPingPending && silentMs >= pingTimeoutMs) this.#end(NGHTTP2_NO_ERROR);
    else if (!this.#isPingPending && silentMs >= pingIntervalMs) this.#ping(timeMs);
  }

  /** A peer without calls must not be in the middle of a frame. */
  #checkFrames(timeMs: number): void {
    const halfMs = this.#limits.headersTimeoutMs / 2;
    if (this.#isPingPending) {
      if (timeMs - this.#pingedMs >= halfMs) this.#end(NGHTTP2_NO_ERROR);
    } else if (this.#socket.bytesRead !== this.#certainBytes) {
      this.#uncertainSinceMs ??= timeMs;
      if (timeMs - this.#uncertainSinceMs >= halfMs) this.#ping(timeMs);
    }
  }

  #ping(timeMs: number): void {
    if (this.#session.closed || this.#session.destroyed) return;
    const { bytesRead } = this.#socket;
    this.#pingedMs = timeMs;
    this.#isPingPending = this.#session.ping(() => {
      this.#isPingPending = false;
      this.#uncertainSinceMs = undefined;
      this.#certainBytes = bytesRead + pingAckBytes;
    });
  }

  /** Says GOAWAY, so that the client opens another connection for its next call; in vain when it reads nothing. */
  #close(timeMs: number): void {
    const { idleTimeoutMs, headersTimeoutMs } = this.#limits;
    this.#session.close();
    if (timeMs - this.#idleSinceMs >= idleTimeoutMs + headersTimeoutMs) this.#end(NGHTTP2_NO_ERROR);
  }

  #end(code: number): void {
    if (this.#session.destroyed) return;
    if (code === NGHTTP2_NO_ERROR) this.#session.destroy();
    else this.#session.destroy(new Error('the client opens more calls than it may'), code);
  }

  /** What is left to send, GOAWAY at least, may never be taken. */
  #checkEnd(timeMs: number): void {
    this.#endedMs ??= timeMs;
    if (timeMs - this.#endedMs >= this.#limits.lingerMs) this.#socket.destroy();
  }
}

/** Ends a stream that has its whole answer: what its client still sends is of no use (RFC 9113, section 8.1). */
function closeAnswered(stream: ServerHttp2Stream): void {
  if (!stream.closed && !stream.destroyed && stream.state.localClose === 1) stream.close(NGHTTP2_NO_ERROR);
}
