import type { Book } from '../matching/book.ts';
import { MatchingEngine } from '../matching/matching-engine.ts';
import { NewOrder } from '../matching/new-order.ts';
import { none, type Reason } from '../model/codes.ts';
import type { Outcome } from '../model/commands.ts';
import type { EventBuffer } from '../model/event-buffer.ts';
import { HashSum } from '../model/hasher.ts';
import { NameTable } from '../model/name-table.ts';
import { CommandMemory } from './command-memory.ts';
import { OrderRecords } from './order-records.ts';

/** How long a final order id and a command id are remembered, in journalled time. */
export const retentionMs = 24 * 60 * 60 * 1_000;

/** How far the clock that made an order id may be ahead of the journalled time; also the margin added to the retention. */
export const idClockSkewMaxMs = 10 * 60 * 1_000;

/** Orders that may be known at once, live or remembered. */
export const knownMax = 16_000_000;

/** The books, and the names by which the outside knows what is in them. Only the functions of this folder change it. */
export class EngineState {
  readonly matching = new MatchingEngine();
  readonly records = new OrderRecords();
  readonly names = new NameTable();
  readonly commands = new CommandMemory();
  readonly bookOf = new Map<string, number>();
  /** Checksum of the levels of each book, by its number. */
  readonly checksums: number[] = [];
  /** Sums of the hashes of all known orders, of all remembered commands and of all sessions. */
  readonly sessionHash = new HashSum();
  readonly orderHash = new HashSum();
  readonly commandHash = new HashSum();
  /** Sequence of the last event before the running group. */
  sequenceBefore = 0;
  ruleVersion = 0;
  /** Events of the running group whose meaning for the records is done. */
  settled = 0;
  /** Final orders and commands that are remembered at most, beside the retention time. */
  rememberedMax = Number.POSITIVE_INFINITY;
  /** Scratch for the UUID that is looked up and for the order that is submitted. */
  readonly uuid = new Uint32Array(4);
  readonly newOrder = new NewOrder();

  /** Events of the running group. */
  get events(): EventBuffer {
    return this.matching.state.events;
  }

  get books(): readonly Book[] {
    return this.matching.state.books;
  }

  /** Journalled time of the running group, Unix milliseconds. */
  get nowMs(): number {
    return this.matching.state.nowMs;
  }

  /** Trades so far. */
  get tradeCount(): number {
    return this.matching.state.tradeCount;
  }

  /** Orders that are live. */
  get restingCount(): number {
    return this.matching.state.orders.count;
  }

  /** Sequence of the last event so far. */
  get sequence(): number {
    return this.sequenceBefore + this.events.count;
  }
}

/** The outcome of a command that leaves no trace in the state. */
export function ineffective(reason: Reason, detailA = 0, detailB = 0): Outcome {
  return { ...outcome(0, reason, detailA, detailB), effective: false };
}

/** The outcome of a command that is journalled; accepted when it has no reason. */
export function outcome(feedSequence: number, reason: Reason = 0, detailA = 0, detailB = 0): Outcome {
  return {
    effective: true,
    accepted: reason === 0,
    reason,
    detailA,
    detailB,
    feedSequence,
    tradedLots: 0,
    restingLots: 0,
    revision: 0,
    cancelledCount: 0,
  };
}

/** Forgets what has been final or answered for the retention time. Called between groups, when no event names a key. */
export function forgetExpired(state: EngineState): void {
  const { records, commands, names, rememberedMax } = state;
  const oldestMs = state.nowMs - retentionMs - idClockSkewMaxMs;
  const live = state.restingCount;
  while (
    records.finalHead !== none &&
    (records.finalTimeMs[records.finalHead]! < oldestMs || records.count - live > rememberedMax)
  ) {
    const key = records.finalHead;
    names.release(records.account[key]!);
    names.release(records.group[key]!);
    state.orderHash.subtract(records.hashLow[key]!, records.hashHigh[key]!);
    records.hashLow[key] = 0;
    records.hashHigh[key] = 0;
    records.forgetOldest();
  }
  while (commands.head !== none && (commands.timeMs[commands.head]! < oldestMs || commands.count > rememberedMax)) {
    commands.forgetOldest(state.commandHash);
  }
}
