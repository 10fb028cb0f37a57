/** The times in force that go with each type of the ticket. */
import { TimeInForce } from '#gen/outcry/trading/v1/trading_pb.ts';
import type { DraftType } from './draft-types.ts';

/** Times in force by the word that the ticket has for them. */
export const draftTimes = {
  GTC: { text: 'Until cancelled', value: TimeInForce.GTC },
  DAY: { text: 'Today', value: TimeInForce.DAY },
  GTD: { text: 'Until a time', value: TimeInForce.GTD },
  IOC: { text: 'At once or cancel', value: TimeInForce.IOC },
  FOK: { text: 'All at once or not', value: TimeInForce.FOK },
  AT_OPEN: { text: 'At the open', value: TimeInForce.AT_OPEN },
  AT_CLOSE: { text: 'At the close', value: TimeInForce.AT_CLOSE },
} as const;

/** A time in force. */
export type DraftTime = keyof typeof draftTimes;

const resting: readonly DraftTime[] = ['GTC', 'DAY', 'GTD'];
/** Times in force whose orders trade in an auction. */
export const auctions: readonly DraftTime[] = ['AT_OPEN', 'AT_CLOSE'];
const timesOf: Record<DraftType, readonly DraftTime[]> = {
  market: ['IOC', 'FOK'],
  limit: [...resting, 'IOC', 'FOK', ...auctions],
  stop: resting,
  'stop limit': [...resting, 'IOC', 'FOK'],
  trailing: resting,
  iceberg: [...resting, ...auctions],
  OCO: resting,
  bracket: resting,
};

/** Times in force that go with a type; the first is what it has by default. */
export function timesFor(type: DraftType): readonly DraftTime[] {
  return timesOf[type];
}

/** The time in force that a draft has: the chosen one where it goes with the type. */
export function timeOf({ type, timeInForce }: { type: DraftType; timeInForce: DraftTime }): DraftTime {
  const times = timesOf[type];
  return times.includes(timeInForce) ? timeInForce : (times[0] ?? 'GTC');
}
