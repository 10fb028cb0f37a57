import { type CancelReason, none, Reason, type StateCause, type TradingState } from '../model/codes.ts';
import type { Listing } from '../model/commands.ts';
import type { Book } from './book.ts';
import { cancel, cancelAll } from './cancel.ts';
import { MatchingState } from './matching-state.ts';
import type { NewOrder } from './new-order.ts';
import { accountOffset } from './order-table.ts';
import { type Change, replace } from './replace.ts';
import { type Ratio, split } from './split.ts';
import { submit } from './submit.ts';
import { type NewList, submitList } from './submit-list.ts';
import { nextDueMs, runDue } from './time.ts';
import { changeState } from './trading-state.ts';

/**
 * The order books of one shard over whole numbers: orders are identified by small dense keys, books, accounts and groups by numbers, and
 * events are entries of a buffer. The caller maps external ids to keys and keeps idempotency records. It has no clock, no randomness and
 * does no I/O, and a plain order allocates nothing. The outcome of a command is its reason, the numbers in `state`, and its events.
 */
export class MatchingEngine {
  readonly state = new MatchingState();

  /** Opens a book in continuous trading. */
  open(listing: Listing): Book {
    return this.state.open(listing);
  }

  /** Sets the rule version for all later commands. */
  setRules(version: number): void {
    this.state.ruleVersion = version;
    this.state.changes.sorted = version >= 2;
  }

  /** Begins a group at a time in Unix milliseconds, not before that of the last group. */
  beginGroup(timeMs: number): void {
    this.state.nowMs = timeMs;
    this.state.command = 0;
  }

  /** Ends a group and discards its events. */
  endGroup(): void {
    this.state.events.count = 0;
  }

  /** Submits an order. */
  submit(newOrder: NewOrder): Reason {
    return submit(this.state, newOrder);
  }

  /** Submits the orders of a list. */
  submitList(list: NewList): Reason {
    return submitList(this.state, list);
  }

  /** Cancels a live order of an account; `none` for an operator. `flags` are those of EventFlag. */
  cancel(key: number, account: number, reason: CancelReason, flags: number): Reason {
    const slot = this.#find(key, account);
    if (slot === none) return Reason.ORDER_NOT_FOUND;
    cancel(this.state, slot, reason, flags);
    return Reason.NONE;
  }

  /** Changes a live order of an account. */
  replace(key: number, account: number, change: Change): Reason {
    const slot = this.#find(key, account);
    return slot === none ? Reason.ORDER_NOT_FOUND : replace(this.state, slot, change);
  }

  /** Cancels the orders of an account, a book and a side; `none` and 0 match all. */
  cancelAll(account: number, book: number, side: number): void {
    cancelAll(this.state, account, book, side);
  }

  /** Changes the trading state of a book to another one. */
  changeState(book: Book, to: TradingState, cause: StateCause): void {
    changeState(this.state, book, to, cause);
    this.state.changes.flush(this.state.events, this.state.command);
  }

  /** Rewrites a book after a share split. */
  split(book: Book, ratio: Ratio): void {
    split(this.state, book, ratio);
  }

  /** Carries out everything that is due. */
  runDue(): void {
    runDue(this.state);
  }

  /** The next due time, Unix ms; Infinity: none. */
  get nextDueMs(): number {
    return nextDueMs(this.state);
  }

  #find(key: number, account: number): number {
    const { orders } = this.state;
    const slot = orders.find(key);
    return slot === none || (account !== none && orders.words[slot + accountOffset] !== account) ? none : slot;
  }
}
