import { connect, type Socket } from 'node:net';
import { DelayedPipe } from './delayed-pipe.ts';

/** A server to forward to. */
export type TcpTarget = { host: string; port: number };

/**
 * One connection of a client through the proxy:
 *
 *     forwarding <-> frozen       nothing is read on either side; the buffers of the kernel fill, so memory is bounded
 *     either -> dropped           what the client sends is discarded, the server's side is closed
 *     any -> ended                both sides are closed
 */
export class ProxiedConnection {
  readonly #near: Socket;
  readonly #far: Socket;
  readonly #pipes: DelayedPipe[];
  readonly #onEnded: () => void;
  #isDropped = false;

  /** Connects to the target, and forwards. `onEnded` runs once the client's side is closed. */
  constructor(near: Socket, target: TcpTarget, onEnded: () => void) {
    const far = connect(target.port, target.host);
    this.#near = near;
    this.#far = far;
    this.#onEnded = onEnded;
    for (const socket of [near, far]) {
      socket.setNoDelay(true);
      // Every end comes with `close` as well.
      socket.on('error', () => {});
    }
    this.#pipes = [new DelayedPipe(near, far), new DelayedPipe(far, near)];
    near.on('close', () => this.#end());
    far.on('close', () => {
      if (!this.#isDropped) this.#end();
    });
  }

  /** The delay of what is read from now on, in ms. */
  set delayMs(delayMs: number) {
    for (const pipe of this.#pipes) pipe.delayMs = delayMs;
  }

  /** Stops forwarding; what was read already is held too. */
  freeze(): void {
    if (!this.#isDropped) for (const pipe of this.#pipes) pipe.hold();
  }

  /** Goes on after `freeze`. */
  thaw(): void {
    if (!this.#isDropped) for (const pipe of this.#pipes) pipe.go();
  }

  /** Never answers the client again, and closes the server's side. */
  drop(): void {
    if (this.#isDropped) return;
    this.#isDropped = true;
    for (const pipe of this.#pipes) pipe[Symbol.dispose]();
    // Read and discarded, so that the client's own end is seen and takes the connection out of the count.
    this.#near.on('data', () => {});
    this.#near.resume();
    this.#far.destroy();
  }

  /** Once the server answers, the client gets nothing of it: `how` says whether it is reset or never answered. */
  loseAnswer(how: () => 'reset' | 'drop'): void {
    // Before the pipe's own listener: nothing of the answer is forwarded.
    this.#far.prependOnceListener('data', () => {
      for (const pipe of this.#pipes) pipe[Symbol.dispose]();
      if (how() === 'reset') this.reset();
      else this.drop();
    });
  }

  /** Ends both sides with a reset. */
  reset(): void {
    this.#near.resetAndDestroy();
    this.#far.resetAndDestroy();
  }

  #end(): void {
    for (const pipe of this.#pipes) pipe[Symbol.dispose]();
    this.#near.destroy();
    this.#far.destroy();
    this.#onEnded();
  }
}
