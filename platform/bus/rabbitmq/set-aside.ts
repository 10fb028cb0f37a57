import type { Settlement } from '../attempt.ts';
import type { BusEvent } from '../bus.ts';
import { type History, singleMessage } from './message.ts';
import { MessageRefusedError, type OutgoingMessage, type Publisher } from './publisher.ts';
import { names, type WaitSteps } from './topology.ts';

/** How an event goes on that was not handled, and what was known of it before this attempt. */
export type SetAside = { settlement: Settlement; history: History };

/**
 * Publishes events that were not handled to where they wait until they are due, or to the dead letters. While those are full, an event goes
 * on being tried at the longest step. Rejects like Publisher.publish; then it is to be done again.
 */
export async function publishSetAside(publisher: Publisher, steps: WaitSteps, events: SetAside[]): Promise<void> {
  const dead = events.filter(({ settlement }) => settlement.outcome === 'dead');
  const waiting = events.filter(({ settlement }) => settlement.outcome !== 'dead');
  if (waiting.length > 0) await publisher.publish(waiting.map((event) => waitMessage(event, steps)));
  for (const event of dead) {
    try {
      await publisher.publish([deadMessage(event)]);
    } catch (error) {
      if (!(error instanceof MessageRefusedError)) throw error;
      await publisher.publish([waitMessage(untilThereIsRoom(event, steps), steps)]);
    }
  }
}

/** A message that waits for about `delayMs` in the queue of the next longer step, and is then due in the queue for retries. */
function waitMessage({ settlement, history }: SetAside, steps: WaitSteps): OutgoingMessage {
  const { delivery, delayMs } = settlement;
  const step = steps.find((durationMs) => durationMs >= delayMs) ?? (steps.at(-1) as number);
  return singleMessage(delivery.event, afterAttempt(settlement, history), {
    exchange: names.wait(step),
    routingKey: names.retry(history.queue),
    expirationMs: Math.min(step, delayMs),
  });
}

function deadMessage({ settlement, history }: SetAside): OutgoingMessage {
  return letterMessage(settlement.delivery.event, afterAttempt(settlement, history));
}

/** A dead letter. */
export function letterMessage(event: BusEvent, history: History): OutgoingMessage {
  return singleMessage(event, history, { exchange: '', routingKey: names.dead });
}

/** An event that is due now, with the attempts of its history. */
export function dueMessage(event: BusEvent, history: History): OutgoingMessage {
  return singleMessage(event, history, { exchange: '', routingKey: names.retry(history.queue) });
}

function untilThereIsRoom({ settlement, history }: SetAside, steps: WaitSteps): SetAside {
  return { settlement: { ...settlement, outcome: 'release', delayMs: steps.at(-1) as number }, history };
}

function afterAttempt({ outcome, delivery, error }: Settlement, history: History): History {
  if (outcome === 'release') return { ...history, lastError: error };
  const nowMs = Date.now();
  return {
    ...history,
    attempts: delivery.attempt,
    lastError: error,
    firstFailureTimeMs: history.firstFailureTimeMs || nowMs,
    lastFailureTimeMs: nowMs,
  };
}
