/**
 * Starts calls in a fair order and no faster than the event loop bears, so that a client that opens a thousand at once does not
 * stop the others: in each turn of the event loop a few are started, one of each client address and connection after the other.
 */

/** A call that waits for its start. */
export type WaitingStart = {
  /** The address of the client, and one of its connections: all get their turns equally often. */
  address: string;
  connection: object;
  /** Whether the client has left meanwhile; the call is then dropped. */
  isGone: () => boolean;
  start: () => void;
};

/** The queue of a port. */
export type StartQueue = {
  /** Lets the call start in one of the next turns; false when too many wait. */
  push(call: WaitingStart): boolean;
};

/** A turn of the event loop that takes longer than this, in ms, had too many starts. */
const turnMsMax = 20;
/** One turn starts calls for this time, in ms, at most. */
const startsMsMax = 5;
const startsPerTurnMin = 2;
const startsPerTurnMax = 64;

/**
 * A queue with room for `waitingMax` calls. Most of a call's work is done after its start, in later turns, so the queue learns from
 * the length of turns how many starts they bear: it halves the number after a long one and adds one after a short one. No call
 * starts in the turn in which it arrived, so one that is reset at once has cost nothing.
 */
export function createStartQueue(options: {
  waitingMax: number;
  nowMs?: () => number;
  /** Runs a function in the next turn of the event loop. */
  inNextTurn?: (turn: () => void) => void;
}): StartQueue {
  const { waitingMax, nowMs = () => performance.now(), inNextTurn = setImmediate } = options;
  const waiting = new FairOrder();
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
    const turnMs = nowMs();
    if (lastTurnMs !== undefined) startsPerTurn = adjust(startsPerTurn, turnMs - lastTurnMs);
    lastTurnMs = turnMs;
    let starts = 0;
    while (waiting.size > 0 && starts < startsPerTurn) {
      const call = waiting.take();
      if (!call.isGone()) {
        starts += 1;
        call.start();
      }
      if (nowMs() - turnMs > startsMsMax) break;
    }
    if (waiting.size > 0) schedule();
    else lastTurnMs = undefined;
  };

  return {
    push(call) {
      if (waiting.size >= waitingMax) return false;
      waiting.add(call);
      schedule();
      return true;
    },
  };
}

function adjust(startsPerTurn: number, turnMs: number): number {
  if (turnMs > turnMsMax) return Math.max(startsPerTurnMin, startsPerTurn >> 1);
  return Math.min(startsPerTurnMax, startsPerTurn + 1);
}

/** Calls in turns of their addresses, and within an address in turns of its connections. The maps' order is the order of turns. */
class FairOrder {
  readonly #addresses = new Map<string, Map<object, WaitingStart[]>>();
  size = 0;

  add(call: WaitingStart): void {
    const connections = this.#addresses.get(call.address) ?? new Map<object, WaitingStart[]>();
    const calls = connections.get(call.connection) ?? [];
    calls.push(call);
    connections.set(call.connection, calls);
    this.#addresses.set(call.address, connections);
    this.size += 1;
  }

  /** The next call; there must be one. */
  take(): WaitingStart {
    const [address, connections] = firstOf(this.#addresses);
    const [connection, calls] = firstOf(connections);
    const call = calls.shift() as WaitingStart;
    moveToEnd(connections, connection, calls, calls.length > 0);
    moveToEnd(this.#addresses, address, connections, connections.size > 0);
    this.size -= 1;
    return call;
  }
}

function firstOf<K, V>(map: Map<K, V>): [K, V] {
  const { value } = map.entries().next();
  if (value === undefined) throw new RangeError('no call waits');
  return value;
}

function moveToEnd<K, V>(map: Map<K, V>, key: K, value: V, stays: boolean): void {
  map.delete(key);
  if (stays) map.set(key, value);
}
