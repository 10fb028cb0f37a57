/** A message that many streams send: decoded once, serialised and framed once in each form. */
import { create, fromBinary, toBinary, toJsonString } from '@bufbuild/protobuf';
import type { SymbolPosition } from '#platform/stream/resume-token.ts';
import { type Form, forms, frameOfMessage } from './forms.ts';
import type { StreamKind, StreamMessage } from './kinds.ts';

/** One message of a kind of stream. */
export class SharedMessage {
  readonly kind: StreamKind;
  readonly message: StreamMessage;
  readonly symbol: string;
  /** What a newer message of the same slot replaces for a slow reader; undefined: each message counts. */
  readonly slot: string | undefined;
  #bytes: Uint8Array | undefined;
  #frames: (Buffer | undefined)[] | undefined;

  constructor(kind: StreamKind, message: StreamMessage, options: { symbol: string; bytes?: Uint8Array }) {
    this.kind = kind;
    this.message = message;
    this.symbol = options.symbol;
    const slot = kind.slotOf(message);
    this.slot = slot === undefined ? undefined : `${options.symbol} ${slot}`;
    this.#bytes = options.bytes;
  }

  /** The message of which these are the bytes. */
  static read(kind: StreamKind, symbol: string, bytes: Uint8Array): SharedMessage {
    return new SharedMessage(kind, fromBinary(kind.method.output, bytes) as StreamMessage, { symbol, bytes });
  }

  /** A message of the given content. */
  static of(kind: StreamKind, symbol: string, content: object): SharedMessage {
    return new SharedMessage(kind, create(kind.method.output, content as Record<string, unknown>) as StreamMessage, {
      symbol,
    });
  }

  get position(): SymbolPosition {
    return { symbol: this.symbol, epoch: this.message.epoch, sequence: this.message.sequence };
  }

  /** How many others it stands for already. */
  get conflatedCount(): number {
    return Number(this.message.conflatedCount ?? 0n);
  }

  /** Its frame, made at the first call for the form. */
  frame(form: Form): Buffer {
    this.#frames ??= new Array<Buffer | undefined>(forms.length);
    this.#frames[form.index] ??= frameOfMessage(form, this.#content(form));
    return this.#frames[form.index] as Buffer;
  }

  /** The same message for a reader to whom `count` others were not sent. */
  after(count: number): SharedMessage {
    if (count === 0 || this.slot === undefined) return this;
    const conflatedCount = BigInt(this.conflatedCount + count);
    return new SharedMessage(this.kind, { ...this.message, conflatedCount }, { symbol: this.symbol });
  }

  #content({ isJson }: Form): Uint8Array {
    const { output } = this.kind.method;
    if (isJson) return Buffer.from(toJsonString(output, this.message));
    this.#bytes ??= toBinary(output, this.message);
    return this.#bytes;
  }
}
