import type { CommandStream } from './command-stream.ts';
import type { TradeHash } from './trade-hash.ts';

/** Outcomes of commands. The first three count those about plain orders only. */
export type Totals = {
  /** Orders that were accepted. */
  accepted: number;
  /** Orders that were cancelled by a command. */
  cancelled: number;
  replaced: number;
  /** Commands of any kind that were rejected. */
  rejected: number;
  /** Commands about the richer types that took effect. */
  richerDone: number;
  trades: TradeHash;
};

/** A book with a stream of commands to apply in order. */
export type BookUnderTest = {
  /** Applies the commands from `from` to before `to` and drops their results. This is what is timed. */
  run(from: number, to: number): void;
  /** The same, and adds the outcomes to `totals`. Not timed. */
  observe(from: number, to: number, totals: Totals): void;
  /** A digest of the book's state, equal for equal runs; empty for a book that has none. */
  fingerprint(): string;
};

/** Makes new, empty books. */
export type BookMaker = {
  name: string;
  /** Whether it is given the commands about the richer order types. Other books skip them. */
  takesRicherTypes: boolean;
  /** Prepares what may be prepared before timing, such as order ids as text. */
  create(stream: CommandStream): BookUnderTest;
};
