/** Streams that are the same to the byte: of the same symbols, in the same form. What they send is put together once. */
import { setImmediate as atEndOfTurn } from 'node:timers';
import { type SymbolPosition, writeResumeToken } from '#platform/stream/resume-token.ts';
import type { EndCause } from '#platform/stream/serve-stream.ts';
import { Backlog } from './backlog.ts';
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
  /** Listeners that are about to be added: the channel stays open for them. */
  joiningCount = 0;
  /** When something was sent last; Unix ms. */
  sentTimeMs = Date.now();
  readonly #onConflated: (count: number) => void;
  readonly #backlogs = new Set<Backlog>();
  /** The newest backlog while it is empty: who falls behind now shares it. */
  #newBacklog: Backlog | undefined;
  /** The frames of backlogs since the last message. */
  #backlogFrames = new Map<Backlog, Buffer>();
  #pending: SharedMessage[] = [];
  #isFlushDue = false;
  #isSnapshotDue = false;
  #first: Buffer | undefined;

  constructor(
    name: string,
    options: {
      form: Form;
      subscription: Subscription;
      topics: readonly Topic[];
      /** Counts messages that slow readers are not sent. */
      onConflated: (count: number) => void;
    },
  ) {
    this.name = name;
    this.form = options.form;
    this.#onConflated = options.onConflated;
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
    for (const backlog of this.#backlogs) backlog.hold(messages);
    this.#newBacklog = undefined;
    this.#backlogFrames.clear();
    let frames: Buffer | undefined;
    for (const listener of this.listeners) {
      if (listener.backlog !== undefined) continue;
      if (listener.hasSeenMore) listener.write(this.#joined(messages.filter((message) => listener.isNew(message))));
      else {
        frames ??= this.#joined(messages);
        listener.write(frames);
      }
    }
  }

  /** A reader's sign that its prices are live; there is none while the market is away. */
  sendHeartbeat(nowMs: number): void {
    if (this.topics.some(({ isAway }) => isAway)) return;
    this.sentTimeMs = nowMs;
    const frame = this.heartbeat().frame(this.form);
    for (const listener of this.listeners) if (listener.backlog === undefined) listener.write(frame);
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

  beginBacklog(accepts?: (message: SharedMessage) => boolean): Backlog {
    const isShared = accepts === undefined;
    const known = isShared ? this.#newBacklog : undefined;
    const backlog =
      known ??
      new Backlog({ positions: this.positions(), onConflated: this.#onConflated, ...(accepts && { accepts }) });
    if (isShared) this.#newBacklog = backlog;
    this.adoptBacklog(backlog);
    return backlog;
  }

  /** Adds a reader to a backlog, which is filled from now on. */
  adoptBacklog(backlog: Backlog): void {
    backlog.readersCount += 1;
    this.#backlogs.add(backlog);
  }

  endBacklog(backlog: Backlog): Buffer {
    const known = this.#backlogFrames.get(backlog);
    const frames = known ?? this.#joined([...this.#gapOf(backlog), ...backlog.messages()]);
    if (known === undefined && backlog.readersCount > 1) this.#backlogFrames.set(backlog, frames);
    this.leaveBacklog(backlog);
    return frames;
  }

  leaveBacklog(backlog: Backlog): void {
    backlog.readersCount -= 1;
    if (backlog.readersCount > 0) return;
    this.#backlogs.delete(backlog);
    this.#backlogFrames.delete(backlog);
    if (this.#newBacklog === backlog) this.#newBacklog = undefined;
  }

  #gapOf({ missedCount }: Backlog): SharedMessage[] {
    if (missedCount === 0) return [];
    return [this.own({ case: 'gap', value: { missedCount: BigInt(missedCount) } })];
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
