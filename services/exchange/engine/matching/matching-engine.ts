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
 * The order books of one shard over whole numbers: orders are named by small dense keys, books, accounts and groups by numbers, and
 * events are entries of a buffer. Names and their memory are the matter of whoever holds it. It has no clock, no randomness and
 * does no I/O, and a plain order makes no garbage. A command tells its outcome by its reason, the numbers in `state` and its events.
 */
export class MatchingEngine {
  readonly state = new MatchingState();

  /** Opens a book in continuous trading. */
  open(listing: Listing): Book {
    return this.state.open(listing);
  }

  /** Begins a group at a time in Unix milliseconds that is not before the last one. */
  beginGroup(timeMs: number): void {
    this.state.nowMs = timeMs;
    this.state.command = 0;
  }

  /** Ends a group: its events are gone. */
  endGroup(): void {
    this.state.events.count = 0;
  }

  /** Brings an order to its book. */
  submit(newOrder: NewOrder): Reason {
    return submit(this.state, newOrder);
  }

  /** Brings the orders of a list to their book. */
  submitList(list: NewList): Reason {
    return submitList(this.state, list);
  }

  /** Cancels a live order of an account; none stands for an operator. `flags` are those of EventFlag. */
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

  /** Cancels the orders of an account, a book and a side; none and 0 stand for all. */
  cancelAll(account: number, book: number, side: number): void {
    cancelAll(this.state, account, book, side);
  }

  /** Changes the trading state of a book to one that it is not in. */
  changeState(book: Book, to: TradingState, cause: StateCause): void {
    changeState(this.state, book, to, cause);
    this.state.changes.flush(this.state.events, this.state.command);
  }

  /** Rewrites a book after a share split. */
  split(book: Book, ratio: Ratio): void {
    split(this.state, book, ratio);
  }

  /** Carries out what is due. */
  runDue(): void {
    runDue(this.state);
  }

  /** When something is due next, Unix ms; Infinity: nothing is. */
  get nextDueMs(): number {
    return nextDueMs(this.state);
  }

  #find(key: number, account: number): number {
    const { orders } = this.state;
    const slot = orders.find(key);
    return slot === none || (account !== none && orders.words[slot + accountOffset] !== account) ? none : slot;
  }
}
