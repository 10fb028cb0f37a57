import type { GetMessage } from 'amqplib';
import type { BrokerLink } from './broker-link.ts';
import { inChannel } from './in-channel.ts';
import { compareLetters, type Letter, lettersOf } from './letter.ts';
import { readMessage } from './message.ts';
import { readQueue } from './read-queue.ts';
import { declareLetters, lettersMax, names } from './topology.ts';

/** Works on all letters, oldest first. Those passed to `remove` are gone when it has resolved. */
export type LettersWork<T> = (letters: Letter[], remove: (letters: readonly Letter[]) => void) => Promise<T>;

/** Reads the queue of dead letters as a whole. */
export async function readLetters<T>({ link }: { link: BrokerLink }, work: LettersWork<T>): Promise<T> {
  const connection = await link.open();
  await inChannel(connection, declareLetters);
  return readQueue(connection, names.dead, async (reader) => {
    const taken: { message: GetMessage; places: string[] }[] = [];
    const letters = new Map<string, Letter>();
    for (let message = await reader.next(); message !== undefined; message = await reader.next()) {
      const found = lettersOf(readMessage(message));
      for (const letter of found) letters.set(letter.place, letter);
      taken.push({ message, places: found.map(({ place }) => place) });
      if (taken.length === lettersMax) break;
    }
    return work([...letters.values()].sort(compareLetters), (removed) => {
      const gone = new Set(removed.map(({ place }) => place));
      for (const { message, places } of taken) {
        if (places.length > 0 && places.every((place) => gone.has(place))) reader.remove(message);
      }
    });
  });
}
