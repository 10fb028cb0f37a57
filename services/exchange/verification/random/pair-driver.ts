/** Drives both engines in tests: their results must be equal, and are returned as one line an event. */
import { ruleVersion } from '../../engine/engine.ts';
import type { Command, Listing, SubmitCommand } from '../../engine/model/commands.ts';
import type { EngineEvent } from '../../engine/model/events.ts';
import { listing, order, startMs } from '../../engine/testing/driver.ts';
import { EnginePair } from './engine-pair.ts';

/** Two engines with one listed book, ACME; each call returns the events, level changes left out, as lines of text. */
export type PairDriver = {
  /** Carries out a command; `timeMs` defaults to `startMs`. Throws where the engines differ. */
  run(command: Command, timeMs?: number): string[];
  /** Submits an order of ACME: 10 lots to buy at 100 by account `a`, but for `terms`. */
  submit(number: number, terms?: Partial<SubmitCommand>): string[];
  /** The reason of the last command. */
  reason(): number;
};

/** Starts both engines with ACME listed. */
export function createPairDriver(terms: Partial<Listing> = {}): PairDriver {
  const pair = new EnginePair(true);
  let reason = 0;
  const run = (command: Command, timeMs = startMs): string[] => {
    const { events, outcome, difference } = pair.run({ command, timeMs, continues: false });
    if (difference !== undefined) throw new Error(difference);
    reason = outcome.reason;
    return events.filter(({ kind }) => kind !== 'levelChanged').map(formatEvent);
  };
  run({ kind: 'rules', version: ruleVersion });
  run({ kind: 'list', listing: listing(terms) });
  return { run, submit: (number, change) => run(order(number, change)), reason: () => reason };
}

// "traded 5@100 1/2": maker and taker by the numbers of their ids; "cancelled 3 REASON open".
function formatEvent(event: EngineEvent): string {
  switch (event.kind) {
    case 'traded': {
      const { quantityLots, priceTicks, maker, taker } = event;
      return `traded ${quantityLots}@${priceTicks} ${numberOf(maker.orderId)}/${numberOf(taker.orderId)}`;
    }
    case 'accepted':
      return `accepted ${numberOf(event.order.orderId)}`;
    case 'rejected':
      return `rejected ${numberOf(event.orderId)} ${event.reason}`;
    case 'cancelled':
      return `cancelled ${numberOf(event.orderId)} ${event.reason} ${event.remainingLots}`;
    case 'replaced': {
      const { orderId, priceTicks, quantityLots, remainingLots, priorityKept } = event;
      const priority = priorityKept ? 'kept' : 'anew';
      return `replaced ${numberOf(orderId)} ${remainingLots} of ${quantityLots}@${priceTicks} ${priority}`;
    }
    case 'triggered':
      return `triggered ${numberOf(event.orderId)} ${event.stopPriceTicks} by ${event.lastPriceTicks}`;
    case 'refreshed':
      return `refreshed ${numberOf(event.orderId)} ${event.shownLots}`;
    case 'uncrossed':
      return `uncrossed ${event.quantityLots}@${event.priceTicks}`;
    case 'stateChanged':
      return `state ${event.state} cause ${event.cause}`;
    default:
      return event.kind;
  }
}

function numberOf(id: string): number {
  return Number.parseInt(id.slice(-12), 16);
}
