/** The claimed deliveries of this replica, from their claim to their outcome. */
import type { Logger } from '#platform/telemetry/logger.ts';
import type { ClaimedDelivery, Outcome } from '../domain/message.ts';

/** What is done with each delivery, and its bounds. */
export type MailWorkOptions = {
  deliver: (delivery: ClaimedDelivery) => Promise<Outcome>;
  /** Mails sent at once. */
  concurrencyMax: number;
  /** Deliveries in all, those that wait for their turn among them. */
  claimedMax: number;
  /** How long after its claim a delivery may begin, in ms; past it, it is released, as its claim could end before it has. */
  beginWithinMs: number;
  logger: Logger;
};

/** Deliveries in work. */
export type MailWork = {
  add(deliveries: readonly ClaimedDelivery[]): void;
  /** How many more may be added. */
  room(): number;
  isEmpty(): boolean;
  /** The outcomes since the last call. */
  takeOutcomes(): Outcome[];
  /** Releases what has not begun, and resolves when the rest has ended. */
  finish(): Promise<void>;
};

/** Work that is empty. */
export function createMailWork(options: MailWorkOptions): MailWork {
  const { deliver, concurrencyMax, claimedMax, beginWithinMs, logger } = options;
  let waiting: { delivery: ClaimedDelivery; endMs: number }[] = [];
  let outcomes: Outcome[] = [];
  const inWork = new Set<Promise<void>>();
  const release = ({ deliveryId, attempts }: ClaimedDelivery) =>
    outcomes.push({ deliveryId, attempts, type: 'released' });
  const begin = () => {
    while (inWork.size < concurrencyMax) {
      const next = waiting.shift();
      if (next === undefined) return;
      if (performance.now() > next.endMs) release(next.delivery);
      else run(next.delivery);
    }
  };
  const run = (delivery: ClaimedDelivery) => {
    const running = deliver(delivery)
      .then(
        (outcome) => void outcomes.push(outcome),
        (error) => logger.warn({ error }, 'a delivery failed; it is claimed again later'),
      )
      .finally(() => {
        inWork.delete(running);
        begin();
      });
    inWork.add(running);
  };
  return {
    add(deliveries) {
      const endMs = performance.now() + beginWithinMs;
      waiting.push(...deliveries.map((delivery) => ({ delivery, endMs })));
      begin();
    },
    room: () => claimedMax - waiting.length - inWork.size,
    isEmpty: () => inWork.size === 0 && waiting.length === 0 && outcomes.length === 0,
    takeOutcomes() {
      const taken = outcomes;
      outcomes = [];
      return taken;
    },
    async finish() {
      for (const { delivery } of waiting) release(delivery);
      waiting = [];
      await Promise.all(inWork);
    },
  };
}
