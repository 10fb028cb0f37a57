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

/** Retention time of final order ids and command ids, in journalled time. */
export const retentionMs = 24 * 60 * 60 * 1_000;

/** How far the clock that made an order id may be ahead of the journalled time; also added to the retention time. */
export const idClockSkewMaxMs = 10 * 60 * 1_000;

/** Greatest number of known orders, live or remembered. */
export const knownMax = 16_000_000;

/** The matching state, and the external ids and names of what is in it. Only the engine changes it. */
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
  /** Events of the running group that are applied to the records already. */
  appliedEvents = 0;
  /** Further bound on remembered final orders and on remembered commands, beside the retention time. */
  rememberedMax = Number.POSITIVE_INFINITY;
  /** Scratch: the UUID that is looked up, and the order that is submitted. */
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

  /** Version of the rules in force; 0 before one was stated. */
  get ruleVersion(): number {
    return this.matching.state.ruleVersion;
  }

  /** Trades so far. */
  get tradeCount(): number {
    return this.matching.state.tradeCount;
  }

  /** Live orders. */
  get restingCount(): number {
    return this.matching.state.orders.count;
  }

  /** Sequence of the last event so far. */
  get sequence(): number {
    return this.sequenceBefore + this.events.count;
  }
}

/** The outcome of a command that changes no state and is not journalled. */
export function ineffective(reason: Reason, detailA = 0, detailB = 0): Outcome {
  return { ...outcome(0, reason, detailA, detailB), effective: false };
}

/** The outcome of a command that is journalled; accepted if it has no reason. */
export function outcome(feedSequence: number, reason: Reason = 0, detailA = 0, detailB = 0): Outcome {
  return {
    effective: true,
    accepted: reason === 0,
    reason,
    detailA,
    detailB,
    feedSequence,
    tradedLots: 0,
    tradedValue: 0n,
    restingLots: 0,
    revision: 0,
    cancelledCount: 0,
    timeMs: 0,
  };
}

/** Removes orders and commands whose retention time is over. Called between groups, when no event refers to a key. */
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
