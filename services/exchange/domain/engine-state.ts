import type { Book } from './book.ts';
import type { OrderStatus, Reason } from './codes.ts';
import { NONE } from './codes.ts';
import { CommandMemory } from './command-memory.ts';
import type { Outcome } from './commands.ts';
import { EventBuffer } from './event-buffer.ts';
import { HashSum } from './hasher.ts';
import { LevelChanges } from './level-changes.ts';
import { LevelTable } from './level-table.ts';
import { NameTable } from './name-table.ts';
import { OrderTable } from './order-table.ts';

/** How long a final order id and a command id are remembered, in journalled time. */
export const retentionMs = 24 * 60 * 60 * 1_000;

/** How far the clock that made an order id may be ahead of the journalled time; also the margin added to the retention. */
export const idClockSkewMaxMs = 10 * 60 * 1_000;

/** Orders that may rest at once. */
export const restingMax = 4_000_000;

/** Orders that may be known at once, live or remembered. */
export const knownMax = 16_000_000;

/** All that the engine knows. Only the functions of this folder change it. */
export class EngineState {
  readonly orders = new OrderTable();
  readonly levels = new LevelTable();
  readonly names = new NameTable();
  readonly commands = new CommandMemory();
  readonly books: Book[] = [];
  readonly bookOf = new Map<string, number>();
  /** Events of the running group, and the levels that its running command touched. */
  readonly events = new EventBuffer();
  readonly changes = new LevelChanges(this.levels);
  /** Sums of the hashes of all known orders and of all remembered commands. */
  readonly orderHash = new HashSum();
  readonly commandHash = new HashSum();
  /** Journalled time of the running group, Unix milliseconds; never goes back. */
  nowMs = 0;
  /** Sequence of the last event before the running group. */
  sequenceBefore = 0;
  tradeCount = 0;
  restingCount = 0;
  ruleVersion = 0;
  /** Place of the running command among the effective ones of its group. */
  command = 0;
  /** Scratch for the UUID that is looked up. */
  readonly key = new Uint32Array(4);

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

/** Makes an order final now. */
export function finishOrder(state: EngineState, slot: number, status: OrderStatus): void {
  state.orders.finish(slot, status, state.nowMs, state.sequence);
}

/** Forgets what has been final or answered for the retention time. Called between groups, when no event names a slot. */
export function forgetExpired(state: EngineState): void {
  const { orders, commands, names } = state;
  const oldestMs = state.nowMs - retentionMs - idClockSkewMaxMs;
  while (orders.finalHead !== NONE && orders.finalTimeMs[orders.finalHead]! < oldestMs) {
    names.release(orders.account[orders.finalHead]!);
    names.release(orders.group[orders.finalHead]!);
    orders.forgetOldest();
  }
  while (commands.head !== NONE && commands.timeMs[commands.head]! < oldestMs) commands.forgetOldest(state.commandHash);
}
