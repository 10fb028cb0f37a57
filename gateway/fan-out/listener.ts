/** One open stream of a client. */
import type { Status } from '#gen/google/rpc/status_pb.ts';
import { toStatus } from '#platform/errors/details.ts';
import type { SymbolPosition } from '#platform/stream/resume-token.ts';
import type { EndCause } from '#platform/stream/serve-stream.ts';
import type { Backlog } from './backlog.ts';
import type { Form } from './forms.ts';
import type { SharedMessage } from './shared-message.ts';

/** Where the frames of a stream go: its head is written before the first. */
export type StreamOutput = {
  /** Whether more can be taken at once; otherwise `onDrain` follows. */
  write(frames: Buffer): boolean;
  /** Ends the stream, with OK or a refusal. */
  finish(refusal?: Status): void;
  onDrain(call: () => void): void;
};

/** What a listener needs of its channel. */
export type ListenerChannel = {
  readonly form: Form;
  readonly listeners: { delete(listener: unknown): boolean };
  /** Sends what waits to be sent to all. */
  flush(): void;
  positions(): SymbolPosition[];
  end(cause: EndCause, positions: readonly SymbolPosition[]): SharedMessage;
  /** The backlog of a reader that has everything up to now; `accepts` makes it one of its own. */
  beginBacklog(accepts?: (message: SharedMessage) => boolean): Backlog;
  /** The frames of a backlog, for a reader that is ready again. */
  endBacklog(backlog: Backlog): Buffer;
  leaveBacklog(backlog: Backlog): void;
};

/** A listener of a channel. A reader that takes too little has a backlog. */
export class Listener<C extends ListenerChannel = ListenerChannel> {
  channel: C;
  /** When it ends, Unix ms. */
  readonly endTimeMs: number;
  /** What waits; undefined for a reader that is not behind. */
  backlog: Backlog | undefined;
  readonly #output: StreamOutput;
  #seen: Map<string, bigint> | undefined;

  constructor(options: { channel: C; output: StreamOutput; endTimeMs: number }) {
    this.channel = options.channel;
    this.#output = options.output;
    this.endTimeMs = options.endTimeMs;
  }

  /** Whether the client has come further than this process, by another one. */
  get hasSeenMore(): boolean {
    return this.#seen !== undefined;
  }

  /** Marks that the client has the trades of a symbol up to a sequence which is not here yet. */
  skipThrough(symbol: string, sequence: bigint): void {
    this.#seen ??= new Map();
    this.#seen.set(symbol, sequence);
  }

  /** Whether the client may not have the message yet. */
  readonly isNew = ({ symbol, message }: SharedMessage): boolean => {
    const seen = this.#seen?.get(symbol);
    if (seen === undefined) return true;
    if (message.sequence <= seen) return false;
    this.#seen?.delete(symbol);
    if (this.#seen?.size === 0) this.#seen = undefined;
    return true;
  };

  write(frames: Buffer): void {
    if (frames.length === 0 || this.#output.write(frames) || this.backlog !== undefined) return;
    this.backlog = this.channel.beginBacklog(this.hasSeenMore ? this.isNew : undefined);
    this.#output.onDrain(this.#drain);
  }

  end(cause: EndCause): void {
    const { channel } = this;
    channel.flush();
    const positions = this.backlog?.positions ?? channel.positions();
    this.leave();
    this.#output.write(channel.end(cause, positions).frame(channel.form));
    this.#output.finish();
  }

  fail(error: unknown): void {
    this.leave();
    this.#output.finish(toStatus(error));
  }

  /** Is not written to any more. */
  leave(): void {
    this.channel.listeners.delete(this);
    if (this.backlog !== undefined) this.channel.leaveBacklog(this.backlog);
    this.backlog = undefined;
  }

  readonly #drain = (): void => {
    this.channel.flush();
    const { backlog } = this;
    if (backlog === undefined) return;
    this.backlog = undefined;
    this.write(this.channel.endBacklog(backlog));
  };
}
