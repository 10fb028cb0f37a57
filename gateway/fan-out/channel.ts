/** Streams that are the same to the byte: of the same symbols, in the same form. What they send is put together once. */
import { setImmediate as atEndOfTurn } from 'node:timers';
import { type SymbolPosition, writeResumeToken } from '#platform/stream/resume-token.ts';
import type { EndCause } from '#platform/stream/serve-stream.ts';
import type { Form } from './forms.ts';
import { endReasons, type Subscription } from './kinds.ts';
import type { Listener } from './listener.ts';
import { SharedMessage } from './shared-message.ts';
import type { Topic } from './topic.ts';
import type { TopicListener } from './upstream.ts';

/** The listeners of a subscription in a form. It listens to its topics while it is open. */
export class Channel implements TopicListener {
  readonly name: string;
  readonly form: Form;
  readonly subscription: Subscription;
  readonly topics: readonly Topic[];
  readonly listeners: Set<Listener<Channel>> = new Set();
  /** When something was sent last; Unix ms. */
  sentTimeMs = Date.now();
  #pending: SharedMessage[] = [];
  #isFlushDue = false;
  #isSnapshotDue = false;
  #first: Buffer | undefined;

  constructor(name: string, options: { form: Form; subscription: Subscription; topics: readonly Topic[] }) {
    this.name = name;
    this.form = options.form;
    this.subscription = options.subscription;
    this.topics = options.topics;
    for (const topic of this.topics) topic.listeners.add(this);
  }

  close(): void {
    for (const topic of this.topics) topic.listeners.delete(this);
  }

  /** What a new listener is sent before anything else; empty when there is nothing yet. */
  first(): Buffer {
    this.#first ??= this.#joined(this.#state());
    return this.#first;
  }

  positions(): SymbolPosition[] {
    return this.topics.map(({ position }) => position);
  }

  onMessage(message: SharedMessage): void {
    this.#pending.push(message);
    this.#first = undefined;
    this.#flushLater();
  }

  onRebuilt(): void {
    this.#isSnapshotDue = true;
    this.#first = undefined;
    this.#flushLater();
  }

  onFailure(error: unknown): void {
    for (const listener of [...this.listeners]) listener.fail(error);
  }

  /** Sends what waits now, so that a listener that joins or leaves does so between two messages. */
  flush(): void {
    this.#isFlushDue = false;
    if (this.#isSnapshotDue) this.#pending.push(...this.#state());
    this.#isSnapshotDue = false;
    if (this.#pending.length === 0) return;
    const messages = this.#pending;
    this.#pending = [];
    this.sentTimeMs = Date.now();
    let frames: Buffer | undefined;
    for (const listener of this.listeners) {
      if (listener.isBehind) listener.hold(messages);
      else if (listener.hasSeenMore)
        listener.write(this.#joined(messages.filter((message) => listener.isNew(message))));
      else {
        frames ??= this.#joined(messages);
        listener.write(frames);
      }
    }
  }

  sendHeartbeat(nowMs: number): void {
    this.sentTimeMs = nowMs;
    const frame = this.heartbeat().frame(this.form);
    for (const listener of this.listeners) if (!listener.isBehind) listener.write(frame);
  }

  heartbeat(): SharedMessage {
    return this.own({ case: 'heartbeat', value: { resumeToken: writeResumeToken(this.positions()) } });
  }

  /** The last message of a listener that has come as far as the positions. */
  end(cause: EndCause, positions: readonly SymbolPosition[]): SharedMessage {
    const value = { resumeToken: writeResumeToken(positions), reason: endReasons[cause] };
    return this.own({ case: 'end', value });
  }

  /** A message of the channel's own. */
  own(message: { case: string; value: object }): SharedMessage {
    const [first] = this.topics;
    const { symbol = '', epoch = '', sequence = 0n } = first?.position ?? {};
    return SharedMessage.of(this.subscription.kind, symbol, { epoch, sequence, message });
  }

  #flushLater(): void {
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    atEndOfTurn(() => this.flush());
  }

  /** The state of all symbols as a stream begins with it: quotes in one message; of trades there is none. */
  #state(): SharedMessage[] {
    const { kind } = this.subscription;
    if (kind.name === 'trades') return [];
    const newest = this.topics.map((topic) => topic.newest).filter((message) => message !== undefined);
    if (kind.name !== 'quotes') return newest;
    const quotes = newest.map(({ message }) => message.message.value as object);
    const { epoch, sequence } = newest.reduce(
      (best, { message }) => (message.sequence > best.sequence ? message : best),
      newest[0]?.message ?? { epoch: '', sequence: 0n },
    );
    return [SharedMessage.of(kind, '', { epoch, sequence, message: { case: 'snapshot', value: { quotes } } })];
  }

  #joined(messages: readonly SharedMessage[]): Buffer {
    const [only] = messages;
    if (messages.length === 1 && only !== undefined) return only.frame(this.form);
    return Buffer.concat(messages.map((message) => message.frame(this.form)));
  }
}
