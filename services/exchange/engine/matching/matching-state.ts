import type { Listing } from '../model/commands.ts';
import { EventBuffer } from '../model/event-buffer.ts';
import { Book } from './book.ts';
import { ExpiryHeap } from './expiry-heap.ts';
import { ExtraTable } from './extra-table.ts';
import { LevelChanges } from './level-changes.ts';
import { LevelTable } from './level-table.ts';
import { ListTable } from './list-table.ts';
import { OrderTable } from './order-table.ts';
import { SessionTable } from './session-table.ts';

/** The state of matching, in whole numbers only. Only the functions of this folder change it. */
export class MatchingState {
  readonly orders = new OrderTable();
  readonly extras = new ExtraTable();
  readonly levels = new LevelTable();
  readonly lists = new ListTable();
  readonly sessions = new SessionTable();
  readonly books: Book[] = [];
  /** Events of the running group, and the levels that its running command touched. */
  readonly events = new EventBuffer();
  readonly changes = new LevelChanges(this.levels);
  /** Orders by the time at which they expire. */
  readonly expiries = new ExpiryHeap(this.orders, this.extras);
  /** Rule version in force; 0: none was set. */
  ruleVersion = 0;
  /** Journalled time of the running group, Unix milliseconds; never goes back. */
  nowMs = 0;
  /** Index of the running command among the effective ones of its group. */
  command = 0;
  /** The last time priority and the last number of acceptance that were given out. */
  priorities = 0;
  acceptances = 0;
  tradeCount = 0;
  /** Lots of the running command's order, or of all orders of its list, that it traded, and that are open after it. */
  tradedLots = 0;
  restingLots = 0;
  /** Numbers of the reason of a rejection. */
  detailA = 0;
  detailB = 0;

  /** Opens the next book. */
  open(listing: Listing): Book {
    const book = new Book(this.books.length, listing);
    this.books.push(book);
    return book;
  }
}
