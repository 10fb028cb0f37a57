/** One symbol of one kind of stream, followed at the market once for all who listen. */
import { create, toBinary } from '@bufbuild/protobuf';
import { readPositions, type SymbolPosition } from '#platform/stream/resume-token.ts';
import { createTrail, type Trail } from '#platform/stream/trail.ts';
import { pause } from '#platform/time/pause.ts';
import { startTimer } from '#platform/time/timer.ts';
import { quoteOfSnapshot } from './kinds.ts';
import { SharedMessage } from './shared-message.ts';
import { isTransient, type OpenUpstream, type TopicKey, type TopicListener, type TopicTimes } from './upstream.ts';

const trailLengthMax = 1_000;
const reopenMsMin = 100;
const reopenMsMax = 2_000;

/** A topic. It is opened by `start` and followed until it is closed; an outage of the market is bridged by resuming. */
export class Topic {
  readonly key: TopicKey;
  readonly listeners = new Set<TopicListener>();
  /** The newest message; of trades the last one. */
  newest: SharedMessage | undefined;
  /** Trades since the topic began, for readers that resume. */
  trail: Trail<SharedTrade> | undefined;
  readonly #open: OpenUpstream;
  readonly #times: TopicTimes;
  readonly #closed = new AbortController();
  #position: SymbolPosition | undefined;
  #started = Promise.withResolvers<void>();
  #isLive = false;
  #isAway = false;

  constructor(key: TopicKey, open: OpenUpstream, times: TopicTimes) {
    this.key = key;
    this.#open = open;
    this.#times = times;
    this.#started.promise.catch(() => {});
  }

  /** Resolves once the first state is there; rejects when the market refuses. */
  get started(): Promise<void> {
    return this.#started.promise;
  }

  get isLive(): boolean {
    return this.#isLive;
  }

  /** Whether the market is away at the moment: what listeners have may be old. */
  get isAway(): boolean {
    return this.#isAway;
  }

  /** How far listeners have come. */
  get position(): SymbolPosition {
    return this.#position ?? { symbol: this.key.symbol, epoch: '', sequence: 0n };
  }

  /** Begins to follow, after a position of trades if there is one. */
  start(after: SymbolPosition | undefined): void {
    if (this.key.kind.name === 'trades' && after !== undefined) {
      this.#position = after;
      this.trail = createTrail(after.sequence, trailLengthMax);
    }
    this.#follow().catch((error: unknown) => this.#fail(error));
  }

  /** Ends the stream at the market. */
  close(): void {
    this.#closed.abort();
  }

  /** Reads trades before those of the trail, once, so that a reader can go on after `after`. What the market does not have stays missing. */
  async fillBefore(after: SymbolPosition): Promise<void> {
    const older: SharedTrade[] = [];
    const stop = new AbortController();
    const request = this.#request([after]);
    for await (const bytes of this.#open(this.key.kind, request, AbortSignal.any([stop.signal, this.#closed.signal]))) {
      const message = this.#read(bytes);
      if (message.message.message.case !== 'trade') break;
      older.push(tradeOf(message));
    }
    stop.abort();
    if (after.epoch === this.position.epoch) this.trail?.prepend(older, after.sequence);
  }

  async #follow(): Promise<void> {
    let lostTimeMs: number | undefined;
    for (let delayMs = reopenMsMin; !this.#closed.signal.aborted; ) {
      const isOpenedAt = performance.now();
      try {
        await this.#followOnce();
      } catch (error) {
        if (!this.#isLive || !isTransient(error)) throw error;
        this.#isAway = true;
        lostTimeMs ??= isOpenedAt;
        if (this.#received) lostTimeMs = performance.now();
        else if (performance.now() - lostTimeMs > this.#times.lostAfterMs) throw error;
      }
      if (this.#received) {
        delayMs = reopenMsMin;
        lostTimeMs = undefined;
      }
      await pause(delayMs * (0.5 + Math.random() / 2), this.#closed.signal);
      delayMs = Math.min(delayMs * 2, reopenMsMax);
    }
  }

  #received = false;

  async #followOnce(): Promise<void> {
    this.#received = false;
    const silent = new AbortController();
    using silence = startTimer(this.#times.silenceMs, () => silent.abort()).unref();
    const isResumed = this.#position !== undefined;
    const signal = AbortSignal.any([silent.signal, this.#closed.signal]);
    try {
      for await (const bytes of this.#open(this.key.kind, this.#request([this.#resumePosition()]), signal)) {
        silence.restart();
        this.#received = true;
        this.#isAway = false;
        this.#take(this.#read(bytes), isResumed);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  #read(bytes: Buffer): SharedMessage {
    return SharedMessage.read(this.key.kind, this.key.symbol, bytes);
  }

  // After no position of the market trades begin with a gap and a heartbeat at once, which says where they begin; candles with a gap, also
  // when there is no candle yet.
  #resumePosition(): SymbolPosition | undefined {
    const { name } = this.key.kind;
    return this.#position ?? (name === 'trades' || name === 'candles' ? this.position : undefined);
  }

  #request(positions: (SymbolPosition | undefined)[]): Buffer {
    const { kind, symbol, terms } = this.key;
    const named = kind.name === 'depth' ? { symbol } : { symbols: [symbol] };
    const known = positions.filter((position) => position !== undefined);
    const request = create(kind.method.input, { ...named, ...terms, positions: known } as Record<string, unknown>);
    return Buffer.from(toBinary(kind.method.input, request));
  }

  #take(message: SharedMessage, isResumed: boolean): void {
    switch (message.message.message.case) {
      case 'heartbeat':
        this.#takeHeartbeat(message);
        break;
      case 'end':
        break;
      case 'gap':
        this.#takeGap(message, isResumed);
        break;
      case 'snapshot':
        this.#takeSnapshot(message);
        break;
      default:
        this.#deliver(message);
    }
  }

  #takeHeartbeat({ message }: SharedMessage): void {
    if (this.key.kind.name === 'trades') {
      const { resumeToken } = message.message.value as { resumeToken: string };
      const at = readPositions(resumeToken, []).get(this.key.symbol);
      if (at !== undefined) {
        this.#moveTo(at);
        this.trail ??= createTrail(at.sequence, trailLengthMax);
      }
    }
    this.#setLive();
  }

  #takeSnapshot(message: SharedMessage): void {
    const content = quoteOfSnapshot(message.message);
    if (content === undefined) return;
    const quote = SharedMessage.of(this.key.kind, this.key.symbol, content);
    const { newest } = this;
    const isSame = newest?.message.epoch === quote.message.epoch && newest.message.sequence === quote.message.sequence;
    if (newest === undefined || isSame) {
      this.newest = quote;
      this.#moveTo(quote.position);
      this.#setLive();
      return;
    }
    this.newest = quote;
    const isRebuilt = newest.message.epoch !== quote.message.epoch;
    this.#moveTo(quote.position);
    if (isRebuilt) for (const listener of this.listeners) listener.onRebuilt();
    else for (const listener of this.listeners) listener.onMessage(quote);
  }

  #takeGap(message: SharedMessage, isResumed: boolean): void {
    this.trail = undefined;
    this.#moveTo(message.position);
    if (isResumed) for (const listener of this.listeners) listener.onMessage(message);
    if (this.key.kind.name === 'candles') this.#setLive();
  }

  #deliver(message: SharedMessage): void {
    const isTrade = message.message.message.case === 'trade';
    this.newest = message;
    this.#moveTo(message.position);
    if (isTrade) {
      this.trail ??= createTrail(message.message.sequence - 1n, trailLengthMax);
      this.trail.add(tradeOf(message));
    }
    for (const listener of this.listeners) listener.onMessage(message);
    // What comes before the heartbeat of a resumed stream of trades is its backlog.
    if (!isTrade) this.#setLive();
  }

  #moveTo(position: SymbolPosition): void {
    if (this.#position !== undefined && this.#position.epoch !== position.epoch) this.trail = undefined;
    this.#position = { ...position, symbol: this.key.symbol };
  }

  #setLive(): void {
    if (this.#isLive) return;
    this.#isLive = true;
    this.#started.resolve();
  }

  #fail(error: unknown): void {
    if (this.#closed.signal.aborted) return;
    this.#started.reject(error);
    this.#closed.abort();
    for (const listener of [...this.listeners]) listener.onFailure(error);
  }

  get isClosed(): boolean {
    return this.#closed.signal.aborted;
  }
}

/** A trade in the trail. */
export type SharedTrade = { sequence: bigint; shared: SharedMessage };

function tradeOf(shared: SharedMessage): SharedTrade {
  return { sequence: shared.message.sequence, shared };
}
