import { CancelReason, OrderType, Reason, TimeInForce } from '../../engine/model/codes.ts';
import type { Command } from '../../engine/model/commands.ts';
import type { EngineEvent } from '../../engine/model/events.ts';

/** Counts by name of commands, reasons and events. */
export type Tally = Record<string, number>;

const eventNames: readonly string[] = [
  ...['listed', 'stateChanged', 'accepted', 'rejected', 'traded', 'traded in an auction', 'cancelled', 'replaced'],
  ...['triggered', 'refreshed', 'uncrossed', 'split', 'levelChanged', 'commandRejected'],
];

/** Counts a command, its reason and its events. */
export function count(tally: Tally, command: Command, reason: Reason, events: readonly EngineEvent[]): void {
  add(tally, 'commands');
  add(tally, `command ${command.kind}`);
  add(tally, `reason ${nameOf(Reason, reason)}`);
  if (isRicher(command, events)) add(tally, richerName);
  for (const event of events) {
    add(tally, `event ${event.kind}`);
    if (event.kind === 'cancelled') add(tally, `cancelled ${nameOf(CancelReason, event.reason)}`);
    if (event.kind === 'traded' && event.auction) add(tally, 'event traded in an auction');
  }
}

/** Adds the counts of one tally to another. */
export function addTally(sum: Tally, more: Tally): void {
  for (const [name, times] of Object.entries(more)) sum[name] = (sum[name] ?? 0) + times;
}

/** Events, reasons and cancel reasons that a tally lacks. BOOK_FULL is left out: it needs millions of orders. */
export function missingNames(tally: Tally): string[] {
  const reasons = Object.keys(Reason).filter((name) => name !== 'BOOK_FULL');
  const cancels = Object.keys(CancelReason).map((name) => `cancelled ${name}`);
  const events = eventNames.map((name) => `event ${name}`);
  const all = [...events, ...reasons.map((name) => `reason ${name}`), ...cancels];
  return all.filter((name) => !tally[name]);
}

/** A tally as lines of text. */
export function formatTally(tally: Tally): string {
  const share = (((tally[richerName] ?? 0) / (tally.commands || 1)) * 100).toFixed(1);
  const lines = Object.keys(tally)
    .sort()
    .map((name) => `${String(tally[name]).padStart(12)}  ${name}`);
  return [...lines, `richer share: ${share} % of the commands`].join('\n');
}

const richerName = 'commands of stops, icebergs, lists, auctions or self-trade prevention';

function isRicher(command: Command, events: readonly EngineEvent[]): boolean {
  if (command.kind === 'submitList') return true;
  if (command.kind === 'submit') {
    const { type, timeInForce } = command;
    const isForAuction = timeInForce === TimeInForce.AT_OPEN || timeInForce === TimeInForce.AT_CLOSE;
    if (type !== OrderType.LIMIT || isForAuction) return true;
  }
  return events.some(
    (event) =>
      event.kind === 'triggered' ||
      event.kind === 'refreshed' ||
      event.kind === 'uncrossed' ||
      (event.kind === 'cancelled' && event.reason === CancelReason.SELF_TRADE),
  );
}

function nameOf(codes: Record<string, number>, code: number): string {
  return Object.keys(codes).find((name) => codes[name] === code) ?? String(code);
}

function add(tally: Tally, name: string): void {
  tally[name] = (tally[name] ?? 0) + 1;
}
