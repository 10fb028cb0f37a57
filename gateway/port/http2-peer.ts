/** Whether the client of an HTTP/2 connection is there, and not in the middle of a frame. */
import type { ServerHttp2Session } from 'node:http2';
import type net from 'node:net';
import type { OnePortLimits } from './limits.ts';

/** Bytes of the frame that acknowledges a PING. */
const pingAckBytes = 17;

/**
 * Asks the peer by PING and says when it has been silent for too long. Its state follows from what it sent: first it is `greeting`,
 * until its SETTINGS came; then `certain`, when all that arrived is known to be whole frames, or `uncertain` when something arrived
 * since. A PING that is acknowledged makes it certain again, for that is not possible inside of an unfinished frame. Times are those
 * of one clock, in ms.
 */
export class Http2Peer {
  readonly #session: ServerHttp2Session;
  readonly #socket: net.Socket;
  readonly #limits: OnePortLimits;
  readonly #startedMs: number;
  #isGreeting = true;
  #pingedMs: number;
  #isPingPending = false;
  /** What `bytesRead` of the socket is while the peer is certain. */
  #certainBytes = 0;
  #uncertainSinceMs: number | undefined;

  constructor(session: ServerHttp2Session, socket: net.Socket, options: { limits: OnePortLimits; nowMs: number }) {
    this.#session = session;
    this.#socket = socket;
    this.#limits = options.limits;
    this.#startedMs = options.nowMs;
    this.#pingedMs = options.nowMs;
    session.once('remoteSettings', () => {
      this.#isGreeting = false;
    });
  }

  /** A call ended, so its frames were whole. */
  noteCallEnded(): void {
    this.#uncertainSinceMs = undefined;
  }

  /** True when a peer with open calls has not acknowledged a PING in time; it may be silent for hours otherwise. */
  isGoneWithCalls(nowMs: number): boolean {
    const { pingIntervalMs, pingTimeoutMs } = this.#limits;
    const sincePingMs = nowMs - this.#pingedMs;
    if (this.#isPingPending) return sincePingMs >= pingTimeoutMs;
    if (sincePingMs >= pingIntervalMs) this.#ping(nowMs);
    return false;
  }

  /** True when a peer without calls has been in the middle of a frame for too long. */
  isStuckWithoutCalls(nowMs: number): boolean {
    const { headersTimeoutMs } = this.#limits;
    if (this.#isGreeting) return nowMs - this.#startedMs >= headersTimeoutMs;
    if (this.#isPingPending) return nowMs - this.#pingedMs >= headersTimeoutMs / 2;
    if (this.#socket.bytesRead === this.#certainBytes) return false;
    this.#uncertainSinceMs ??= nowMs;
    if (nowMs - this.#uncertainSinceMs >= headersTimeoutMs / 2) this.#ping(nowMs);
    return false;
  }

  #ping(nowMs: number): void {
    if (this.#session.closed || this.#session.destroyed) return;
    const { bytesRead } = this.#socket;
    this.#pingedMs = nowMs;
    this.#isPingPending = this.#session.ping(() => {
      this.#isPingPending = false;
      this.#uncertainSinceMs = undefined;
      this.#certainBytes = bytesRead + pingAckBytes;
    });
  }
}
