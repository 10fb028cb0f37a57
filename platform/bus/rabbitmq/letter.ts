import type { BusEvent } from '../bus.ts';
import type { History, ReadMessage } from './message.ts';

/** A dead letter as it is read from its queue. */
export type Letter = {
  queue: string;
  event: BusEvent;
  history: History;
  deadTimeMs: number;
  /** The queue and the event: what names a letter, and its order among those of one time. */
  place: string;
};

/** The letters of one message: as a rule one. */
export function lettersOf({ message, events = [], history }: ReadMessage): Letter[] {
  const death = message.properties.headers?.['x-death']?.[0];
  const queue = history.queue;
  const deadTimeMs = history.lastFailureTimeMs || (death?.time.value ?? 0) * 1_000;
  return events.map((event) => ({ queue, event, history, deadTimeMs, place: `${queue}.${event.id}` }));
}

/** The order of letters: by time, then by place. */
export function compareLetters(
  one: Pick<Letter, 'deadTimeMs' | 'place'>,
  other: Pick<Letter, 'deadTimeMs' | 'place'>,
): number {
  return one.deadTimeMs - other.deadTimeMs || (one.place < other.place ? -1 : Number(one.place > other.place));
}
