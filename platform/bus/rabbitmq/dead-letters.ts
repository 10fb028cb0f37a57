import type { Logger } from '#platform/telemetry/logger.ts';
import type { DeadLetter, DeadLetterIds, DeadLetters } from '../bus.ts';
import { badPageToken, changedLettersMax, pageSizeOf, requireIds } from '../dead-letter-request.ts';
import type { BrokerLink } from './broker-link.ts';
import { compareLetters, type Letter } from './letter.ts';
import type { Publisher } from './publisher.ts';
import { readLetters } from './read-letters.ts';
import { dueMessage, letterMessage } from './set-aside.ts';
import { names } from './topology.ts';

/** A page token is the time and the id of the last letter listed. */
const tokenForm = /^(\d{1,15})\.([\w.-]{1,120})$/;

/** The dead letters on the broker: one queue of at most 10,000, which is read as a whole and given back. */
export function createDeadLetters(parts: { link: BrokerLink; publisher: Publisher; logger: Logger }): DeadLetters {
  const { publisher, logger } = parts;
  const change = async (
    queue: string,
    ids: DeadLetterIds,
    each: (letters: Letter[]) => Promise<void>,
  ): Promise<number> => {
    requireIds(ids);
    return readLetters(parts, async (letters, remove) => {
      const chosen = choose(letters, queue, ids);
      if (chosen.length > 0) await each(chosen);
      remove(chosen);
      return chosen.length;
    });
  };
  return {
    async list(queue, pageSize, pageToken) {
      if (pageToken !== '' && !tokenForm.test(pageToken)) throw badPageToken();
      const [, afterTime = '0', afterId = ''] = tokenForm.exec(pageToken) ?? [];
      const limit = pageSizeOf(pageSize);
      return readLetters(parts, async (letters) => {
        const rest = letters.filter(
          (letter) =>
            isOf(letter, queue) && compareLetters(letter, { deadTimeMs: Number(afterTime), place: afterId }) > 0,
        );
        const page = rest.slice(0, limit);
        const last = page.at(-1);
        return {
          deadLetters: page.map(toDeadLetter),
          nextPageToken: last && rest.length > limit ? `${last.deadTimeMs}.${last.place}` : '',
        };
      });
    },
    find: (queue, id) =>
      readLetters(parts, async (letters) =>
        letters.filter((letter) => isOf(letter, queue) && letter.event.id === id).map(toDeadLetter),
      ),
    redrive: (queue, ids) =>
      change(queue, ids, (letters) =>
        publisher.publish(
          letters.map(({ event, history }) => dueMessage(event, { ...history, attempts: 0, firstFailureTimeMs: 0 })),
        ),
      ),
    drop: (queue, ids, reason) =>
      change(queue, ids, async (letters) => {
        await publisher.publish(letters.map((letter) => droppedMessage(letter, reason)));
        for (const { event, queue: ofQueue } of letters) {
          logger.warn({ queue: ofQueue, event: event.id, type: event.type, reason }, 'a dead letter was dropped');
        }
      }),
  };
}

function choose(letters: readonly Letter[], queue: string, ids: DeadLetterIds): Letter[] {
  const ofQueue = letters.filter((letter) => isOf(letter, queue));
  if (ids === 'all') return ofQueue.slice(0, changedLettersMax);
  const wanted = new Set(ids);
  return ofQueue.filter(({ event }) => wanted.has(event.id));
}

function isOf(letter: Letter, queue: string): boolean {
  return queue === '' || letter.queue === queue;
}

function droppedMessage({ event, history }: Letter, reason: string) {
  const message = letterMessage(event, history);
  const headers = { ...message.options.headers, 'outcry-drop-reason': reason };
  return { ...message, routingKey: names.dropped, options: { ...message.options, headers } };
}

function toDeadLetter({ queue, event, history, deadTimeMs }: Letter): DeadLetter {
  const { attempts, lastError, firstFailureTimeMs } = history;
  return { queue, event, attempts, lastError, firstFailureTimeMs, deadTimeMs };
}
