import type { Book } from '../matching/book.ts';
import { MatchingEngine } from '../matching/matching-engine.ts';
import { NewOrder } from '../matching/new-order.ts';
import { none, type Reason } from '../model/codes.ts';
import type { Outcome } from '../model/commands.ts';
import type { EventBuffer } from '../model/event-buffer.ts';
import { HashSum } from '../model/hasher.ts';
import { NameTable } from '../model/name-table.ts';
import { uuidTimeMs } from '../model/uuid.ts';
import { CommandMemory } from './command-memory.ts';
import { OrderRecords } from './order-records.ts';

/** Retention time of final order ids and command ids, in journalled time. */
export const retentionMs = 24 * 60 * 60 * 1_000;

/** How far the clock that made an order id may be ahead of the journalled time; also added to the retention time. */
export const idClockSkewMaxMs = 10 * 60 * 1_000;

/** Retention time of what operators sent under a key, in journalled time, as in the service that sends it for them. */
export const operatorRetentionMs = 7 * retentionMs;

/** Bounds of the memory of an engine; all engines of a shard have the same ones. */
export type MemoryLimits = {
  /** Known orders, live or remembered, from which on no further one is taken. */
  knownMax: number;
  /** Known orders up to which a void of an unknown id is remembered by itself. */
  markedMax: number;
  /** Remembered commands of owners and of operators, beyond which the oldest is forgotten. */
  commandsMax: number;
  operatorCommandsMax: number;
};

/** The bounds of a shard. */
export const memoryLimits: MemoryLimits = {
  knownMax: 16_000_000,
  markedMax: 17_000_000,
  commandsMax: 4_000_000,
  operatorCommandsMax: 100_000,
};

/** The matching state, and the external ids and names of what is in it. Only the engine changes it. */
export class EngineState {
  readonly matching = new MatchingEngine();
  readonly records = new OrderRecords();
  readonly names = new NameTable();
  /** Commands of owners, and those of operators, which are remembered longer. */
  readonly commands = new CommandMemory();
  readonly operatorCommands = new CommandMemory();
  readonly limits: MemoryLimits;
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
  /**
   * No unknown order id of this time or before is taken any more: ids that were refused when the memory was full, and are not remembered
   * one by one. Unix milliseconds; 0: there are none.
   */
  closedIdTimeMs = 0;
  /** Further bound on remembered final orders and on remembered commands, beside the retention time. */
  rememberedMax = Number.POSITIVE_INFINITY;
  /** Scratch: the UUID that is looked up, and the order that is submitted. */
  readonly uuid = new Uint32Array(4);
  readonly newOrder = new NewOrder();

  constructor(limits: MemoryLimits = memoryLimits) {
    this.limits = limits;
  }

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
  const { records, commands, operatorCommands, limits, rememberedMax } = state;
  const oldestMs = state.nowMs - retentionMs - idClockSkewMaxMs;
  const live = state.restingCount;
  for (;;) {
    const key = records.finalHead;
    if (key === none) break;
    if (records.count - live > rememberedMax) forgetOldestOrder(state);
    else if (records.finalTimeMs[key]! >= oldestMs) break;
    // An id from the future that would be taken if it was forgotten.
    else if (uuidTimeMs(records.uuids, key * 4) >= state.nowMs - retentionMs) renewOldestOrder(state);
    else forgetOldestOrder(state);
  }
  // What is in force bounds them: an earlier release remembered any number.
  const isBounded = state.ruleVersion >= 4;
  forgetCommands(state, commands, oldestMs, isBounded ? limits.commandsMax : rememberedMax);
  const operatorOldestMs = state.nowMs - operatorRetentionMs - idClockSkewMaxMs;
  forgetCommands(state, operatorCommands, operatorOldestMs, limits.operatorCommandsMax);
}

function forgetCommands(state: EngineState, commands: CommandMemory, oldestMs: number, countMax: number): void {
  const most = Math.min(countMax, state.rememberedMax);
  while (commands.count > most || (commands.count > 0 && commands.timeMs[commands.queue.head]! < oldestMs)) {
    commands.forgetOldest(state.commandHash);
  }
}

function forgetOldestOrder(state: EngineState): void {
  const { records, names } = state;
  const key = records.finalHead;
  names.release(records.account[key]!);
  names.release(records.group[key]!);
  unhash(state, key);
  records.forgetOldest();
}

function renewOldestOrder(state: EngineState): void {
  unhash(state, state.records.finalHead);
  state.records.renewOldest(state.nowMs);
}

function unhash({ records, orderHash }: EngineState, key: number): void {
  orderHash.subtract(records.hashLow[key]!, records.hashHigh[key]!);
  records.hashLow[key] = 0;
  records.hashHigh[key] = 0;
}
