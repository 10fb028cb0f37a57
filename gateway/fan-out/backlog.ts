/** What waits for readers that take too little: the newest message of each slot with how many it replaces, and trades one by one. */
import type { SymbolPosition } from '#platform/stream/resume-token.ts';
import type { SharedMessage } from './shared-message.ts';

/** Messages without a slot that wait; beyond it the oldest are dropped and counted. */
const waitingMax = 1_000;

type Held = { message: SharedMessage; count: number };

/**
 * A backlog has all that its channel has sent since the backlog began. Readers that fell behind between the same two messages share it,
 * so that what is held, and put together for the one that is ready, is so once, however many they are.
 */
export class Backlog {
  /** How far its readers had come when they fell behind. */
  readonly positions: readonly SymbolPosition[];
  readersCount = 0;
  readonly #onConflated: (count: number) => void;
  readonly #accepts: (message: SharedMessage) => boolean;
  readonly #held = new Map<string, Held>();
  #waiting: SharedMessage[] = [];
  #missedCount = 0;

  /** `accepts`: which messages it takes, by default all. */
  constructor(options: {
    positions: readonly SymbolPosition[];
    onConflated: (count: number) => void;
    accepts?: (message: SharedMessage) => boolean;
  }) {
    this.positions = options.positions;
    this.#onConflated = options.onConflated;
    this.#accepts = options.accepts ?? (() => true);
  }

  get isEmpty(): boolean {
    return this.#held.size === 0 && this.#waiting.length === 0 && this.#missedCount === 0;
  }

  /** Trades that were dropped. */
  get missedCount(): number {
    return this.#missedCount;
  }

  hold(messages: readonly SharedMessage[]): void {
    for (const message of messages) {
      if (!this.#accepts(message)) continue;
      if (message.message.message.case === 'snapshot') this.#clearStates();
      if (message.slot === undefined) this.#wait(message);
      else this.#replace(message.slot, message);
    }
  }

  /** Its messages, in the order in which they are sent. */
  messages(): SharedMessage[] {
    return [...this.#waiting, ...this.#held.values().map(({ message, count }) => message.after(count))];
  }

  /** Another one for one reader, with what this one holds of the symbols. */
  copyFor(symbols: ReadonlySet<string>): Backlog {
    const copy = new Backlog({ positions: this.positions, onConflated: this.#onConflated, accepts: this.#accepts });
    for (const [slot, held] of this.#held) if (symbols.has(held.message.symbol)) copy.#held.set(slot, { ...held });
    copy.#waiting = this.#waiting.filter(({ symbol }) => symbols.has(symbol));
    copy.#missedCount = this.#missedCount;
    return copy;
  }

  /** A snapshot stands for all states before it, which must not follow it. */
  #clearStates(): void {
    this.#held.clear();
    this.#waiting = this.#waiting.filter(({ message: { message: content } }) => content.case !== 'snapshot');
  }

  #replace(slot: string, message: SharedMessage): void {
    const held = this.#held.get(slot);
    if (held === undefined) this.#held.set(slot, { message, count: 0 });
    else {
      held.count += 1 + held.message.conflatedCount;
      held.message = message;
      this.#onConflated(this.readersCount);
    }
  }

  #wait(message: SharedMessage): void {
    this.#waiting.push(message);
    if (this.#waiting.length <= waitingMax) return;
    // In halves: shifting one at a time would copy the list at each message.
    const dropped = this.#waiting.splice(0, waitingMax / 2);
    const trades = dropped.filter(({ message: { message: content } }) => content.case === 'trade').length;
    this.#missedCount += trades;
    this.#onConflated(trades * this.readersCount);
  }
}
