import type { Channel, ChannelModel, GetMessage } from 'amqplib';
import { pause } from '#platform/time/pause.ts';
import { inChannel } from './bind-queue.ts';
import { type BrokerLink, brokerUnavailable } from './broker-link.ts';
import { compareLetters, type Letter, lettersOf } from './letter.ts';
import { readMessage } from './message.ts';
import { declareLetters, lettersMax, names } from './topology.ts';

/** Works on all letters, oldest first. Those passed to `remove` are gone when it has resolved. */
export type LettersWork<T> = (letters: Letter[], remove: (letters: readonly Letter[]) => void) => Promise<T>;

const lockWaitMs = 20;
const lockAttemptsMax = 500;
const locked = 405;

let reading: Promise<unknown> = Promise.resolve();

/**
 * Reads the queue of dead letters as a whole. One reader at a time, in this process and among all: what one has taken, another would not see.
 */
export function readLetters<T>({ link }: { link: BrokerLink }, work: LettersWork<T>): Promise<T> {
  const read = async () => {
    const model = await link.open();
    const lock = await takeLock(model);
    try {
      return await inChannel(model, (channel) => readAll(channel, work));
    } finally {
      await inChannel(model, (channel) => channel.deleteQueue(lock)).catch(() => {});
    }
  };
  const result = reading.then(read, read);
  reading = result.catch(() => {});
  return result;
}

type Taken = { message: GetMessage; places: string[] };

async function readAll<T>(channel: Channel, work: LettersWork<T>): Promise<T> {
  await declareLetters(channel);
  const { taken, letters } = await takeAll(channel);
  let left = taken.length;
  try {
    return await work(letters, (removed) => {
      const gone = new Set(removed.map(({ place }) => place));
      for (const { message, places } of taken) {
        if (places.length === 0 || !places.every((place) => gone.has(place))) continue;
        channel.ack(message);
        left -= 1;
      }
    });
  } finally {
    await giveBack(channel, left).catch(() => {});
  }
}

async function takeAll(channel: Channel): Promise<{ taken: Taken[]; letters: Letter[] }> {
  const taken: Taken[] = [];
  const letters = new Map<string, Letter>();
  while (taken.length < lettersMax) {
    const message = await channel.get(names.dead);
    if (message === false) break;
    const found = lettersOf(readMessage(message));
    for (const letter of found) letters.set(letter.place, letter);
    taken.push({ message, places: found.map(({ place }) => place) });
  }
  return { taken, letters: [...letters.values()].sort(compareLetters) };
}

/** Gives back what was taken, and waits until the next reader will see it. */
async function giveBack(channel: Channel, count: number): Promise<void> {
  if (count === 0) return;
  channel.nackAll(true);
  for (let attempt = 0; attempt < lockAttemptsMax; attempt += 1) {
    const { messageCount } = await channel.checkQueue(names.dead);
    if (messageCount >= count) return;
    await pause(lockWaitMs);
  }
}

/** An exclusive queue: the broker refuses it to every other connection, and deletes it with this one. */
async function takeLock(model: ChannelModel): Promise<string> {
  const lock = `${names.dead}.reader`;
  for (let attempt = 0; attempt < lockAttemptsMax; attempt += 1) {
    try {
      await inChannel(model, (channel) => channel.assertQueue(lock, { exclusive: true, durable: false }));
      return lock;
    } catch (error) {
      if ((error as { code?: unknown }).code !== locked) throw brokerUnavailable(error);
      await pause(lockWaitMs);
    }
  }
  throw brokerUnavailable(new Error('another reader has the dead letters'));
}
