/** One open stream of a client. */
import type { Status } from '#gen/google/rpc/status_pb.ts';
import { toStatus } from '#platform/errors/details.ts';
import type { SymbolPosition } from '#platform/stream/resume-token.ts';
import type { EndCause } from '#platform/stream/serve-stream.ts';
import type { Form } from './forms.ts';
import type { SharedMessage } from './shared-message.ts';

/** Where the frames of a stream go: its head is written before the first. */
export type StreamOutput = {
  /** Whether more can be taken at once; otherwise `onDrain` follows. */
  write(frames: Buffer): boolean;
  /** Ends the stream, with OK or a refusal. */
  end(refusal?: Status): void;
  onDrain(call: () => void): void;
};

/** What a listener needs of its channel. */
export type ListenerChannel = {
  readonly form: Form;
  readonly listeners: { delete(listener: unknown): boolean };
  positions(): SymbolPosition[];
  own(message: { case: string; value: object }): SharedMessage;
  end(cause: EndCause, positions: readonly SymbolPosition[]): SharedMessage;
};

/** Messages without a slot that wait for a slow reader; beyond it the oldest are dropped and counted. */
const heldMax = 1_000;

type Held = { message: SharedMessage; count: number };

/** A listener of a channel. A reader that takes too little has the newest message of each slot waiting, and how many that replaces. */
export class Listener<C extends ListenerChannel = ListenerChannel> {
  channel: C;
  /** When it ends, Unix ms. */
  readonly endTimeMs: number;
  isBehind = false;
  readonly #output: StreamOutput;
  readonly #onConflated: (count: number) => void;
  #held: Map<string, Held> | undefined;
  #waiting: SharedMessage[] | undefined;
  #missedCount = 0;
  #seen: Map<string, bigint> | undefined;
  /** How far the client had come when it fell behind. */
  #positions: SymbolPosition[] | undefined;

  constructor(options: {
    channel: C;
    output: StreamOutput;
    endTimeMs: number;
    onConflated: (count: number) => void;
  }) {
    this.channel = options.channel;
    this.#output = options.output;
    this.endTimeMs = options.endTimeMs;
    this.#onConflated = options.onConflated;
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
  isNew({ symbol, message }: SharedMessage): boolean {
    const seen = this.#seen?.get(symbol);
    if (seen === undefined) return true;
    if (message.sequence <= seen) return false;
    this.#seen?.delete(symbol);
    if (this.#seen?.size === 0) this.#seen = undefined;
    return true;
  }

  write(frames: Buffer): void {
    if (frames.length === 0 || this.#output.write(frames)) return;
    this.isBehind = true;
    this.#positions ??= this.channel.positions();
    this.#output.onDrain(this.#drain);
  }

  /** Holds messages until the reader has taken what it was sent. */
  hold(messages: readonly SharedMessage[]): void {
    for (const message of messages) {
      if (!this.isNew(message)) continue;
      const { slot, symbol } = message;
      if (slot === undefined) this.#wait(message);
      else {
        this.#held ??= new Map();
        const key = `${symbol} ${slot}`;
        const held = this.#held.get(key);
        if (held === undefined) this.#held.set(key, { message, count: 0 });
        else {
          held.count += 1 + held.message.conflatedCount;
          held.message = message;
          this.#onConflated(1);
        }
      }
    }
  }

  /** Forgets what waits of symbols that are not asked for any more. */
  dropOthers(symbols: ReadonlySet<string>): void {
    for (const [key, { message }] of this.#held ?? []) if (!symbols.has(message.symbol)) this.#held?.delete(key);
    this.#waiting = this.#waiting?.filter(({ symbol }) => symbols.has(symbol));
  }

  end(cause: EndCause): void {
    const { channel } = this;
    this.#leave();
    this.#output.write(channel.end(cause, this.#positions ?? channel.positions()).frame(channel.form));
    this.#output.end();
  }

  fail(error: unknown): void {
    this.#leave();
    this.#output.end(toStatus(error));
  }

  #leave(): void {
    this.channel.listeners.delete(this);
  }

  #wait(message: SharedMessage): void {
    this.#waiting ??= [];
    this.#waiting.push(message);
    if (this.#waiting.length <= heldMax) return;
    // In halves: shifting one at a time would copy the list at each message.
    const dropped = this.#waiting.splice(0, heldMax / 2);
    this.#missedCount += dropped.filter(({ message: { message: content } }) => content.case === 'trade').length;
  }

  readonly #drain = (): void => {
    const frames: Buffer[] = [];
    const { form } = this.channel;
    if (this.#missedCount > 0) {
      frames.push(this.channel.own({ case: 'gap', value: { missedCount: BigInt(this.#missedCount) } }).frame(form));
      this.#onConflated(this.#missedCount);
    }
    for (const message of this.#waiting ?? []) frames.push(message.frame(form));
    for (const { message, count } of this.#held?.values() ?? []) frames.push(message.after(count).frame(form));
    this.#missedCount = 0;
    this.#waiting = undefined;
    this.#held = undefined;
    this.#positions = undefined;
    this.isBehind = false;
    this.write(Buffer.concat(frames));
  };
}
