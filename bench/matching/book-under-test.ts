import type { CommandStream } from './command-stream.ts';
import type { TradeHash } from './trade-hash.ts';

/** What became of commands. The first three count those about plain orders only. */
export type Totals = {
  /** Orders that were taken. */
  accepted: number;
  /** Cancels that took an order out of the book. */
  cancelled: number;
  replaced: number;
  /** Commands of any kind that were refused. */
  rejected: number;
  /** Commands about the richer types that took effect. */
  richerDone: number;
  trades: TradeHash;
};

/** A book with a stream of commands to carry out, one after the other. */
export type BookUnderTest = {
  /** Carries out the commands from `from` to before `to`; what it answers is thrown away. This is what is timed. */
  run(from: number, to: number): void;
  /** The same, and adds what became of them to `totals`. Not timed. */
  observe(from: number, to: number, totals: Totals): void;
  /** Something that depends on everything that was done, to tell that two runs did the same; empty when the book has nothing. */
  fingerprint(): string;
};

/** Makes new, empty books. */
export type BookMaker = {
  name: string;
  /** Whether it is given the commands about the richer order types. The others pass over them. */
  takesRicherTypes: boolean;
  /** Prepares what may be prepared before timing, such as order ids as text. */
  create(stream: CommandStream): BookUnderTest;
};
