/**
 * Starts calls in a fair order and no faster than the event loop bears, so that a client that opens a thousand at once does not
 * stop the others: in each turn of the event loop a few are started, one of each client address and connection after the other.
 */

import { FairOrder, type Owner } from './fair-order.ts';

/** A call that waits for its start. */
export type WaitingStart = Owner & {
  /** Whether the client has left meanwhile; the call is then dropped. */
  isGone: () => boolean;
  start: () => void;
  /** Answers that there are too many calls. */
  refuse: () => void;
};

/** The queue of a port. */
export type StartQueue = {
  /** Lets the call start in one of the next turns. When too many wait, one of the client that has the most waiting is refused. */
  push(call: WaitingStart): void;
};

/** A turn of the event loop that takes more processor time than this, in ms, had too many starts. */
const turnMsMax = 20;
/** One turn starts calls for this processor time, in ms, at most. */
const startsMsMax = 5;
const startsPerTurnMin = 2;
const startsPerTurnMax = 64;

/**
 * A queue with room for `waitingMax` calls. Most of a call's work is done after its start, in later turns, so the queue learns from
 * the length of turns how many starts they bear: it halves the number after a long one and adds one after a short one. No call
 * starts in the turn in which it arrived, so one that is reset at once has cost nothing. Turns are measured in processor time: on a
 * machine whose processors are taken by others every turn is long, and starting fewer calls in each would only let the calls wait.
 */
export function createStartQueue(options: {
  waitingMax: number;
  /** The processor time of this thread, in ms. */
  processorMs?: () => number;
  /** Runs a function in the next turn of the event loop. */
  inNextTurn?: (turn: () => void) => void;
}): StartQueue {
  const { waitingMax, processorMs = threadMs, inNextTurn = setImmediate } = options;
  const waiting = new FairOrder<WaitingStart>();
  let startsPerTurn = startsPerTurnMax;
  let lastTurnMs: number | undefined;
  let isScheduled = false;

  const schedule = () => {
    if (isScheduled) return;
    isScheduled = true;
    inNextTurn(turn);
  };
  const turn = () => {
    isScheduled = false;
    const turnMs = processorMs();
    if (lastTurnMs !== undefined) startsPerTurn = adjust(startsPerTurn, turnMs - lastTurnMs);
    lastTurnMs = turnMs;
    let starts = 0;
    while (waiting.size > 0 && starts < startsPerTurn) {
      const call = waiting.take();
      if (!call.isGone()) {
        starts += 1;
        call.start();
      }
      if (processorMs() - turnMs > startsMsMax) break;
    }
    if (waiting.size > 0) schedule();
    else lastTurnMs = undefined;
  };

  return {
    push(call) {
      waiting.add(call);
      if (waiting.size > waitingMax) waiting.takeFromLongest().refuse();
      schedule();
    },
  };
}

function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

function adjust(startsPerTurn: number, turnMs: number): number {
  if (turnMs > turnMsMax) return Math.max(startsPerTurnMin, startsPerTurn >> 1);
  return Math.min(startsPerTurnMax, startsPerTurn + 1);
}
