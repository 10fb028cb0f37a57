/** Exchanges and queues on the broker: declared by every process that uses them, valid for RabbitMQ 3.10 to 4. */
import type { Channel, ConfirmChannel, Options } from 'amqplib';

/** Rises when arguments of a queue change, as a declared queue cannot be changed: the names of everything carry it. */
const version = 'v1';

/** Where things are, by the names of one version of the topology. */
export const names = {
  /** Every page of events is published here, with the types of its events as routing keys. */
  events: `outcry.${version}.events`,
  /** What was published lately, an hour at most: a new queue begins with it. Read, never consumed. */
  log: `outcry.${version}.log`,
  /** Dead letters of all queues. */
  dead: `outcry.${version}.dead`,
  /** What was dropped, with its reason. */
  dropped: `outcry.${version}.dropped`,
  /** Pages of events for one queue of consumers. */
  queue: (queue: string) => `outcry.${version}.${queue}`,
  /** Events of the queue that are due to be tried again, each by itself. */
  retry: (queue: string) => `outcry.${version}.${queue}.retry`,
  /** An exchange and its queue, in which events wait until they are due. */
  wait: (durationMs: number) => `outcry.${version}.wait.${durationMs}`,
  /** An exchange without messages: it exists once the queue has had the latest events of the type. */
  bound: (queue: string, type: string) => `outcry.${version}.bound.${queue}.${type}`,
};

/** How long events wait before they are tried again, in ms, from the shortest step to the longest. */
export type WaitSteps = readonly [number, ...number[]];

/** The steps unless a test shortens them. */
export const defaultWaitSteps: WaitSteps = [1_000, 4_000, 16_000, 60_000];

const mebibyte = 1 << 20;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** A page that was delivered so often without an end is handled event by event, each with its attempts counted. */
const unfinishedMax = 5;
/** Far above the attempts that are counted by the consumer, which makes the dead letter first. */
const singleDeliveriesMax = 1_000;
/** Reading the log or the dead letters delivers each: no number of readings may remove one. */
const readingsMax = 1_000_000_000;
/** Most dead letters that are stored; what fails after that goes on being tried. */
export const lettersMax = 10_000;
const durable = { durable: true } as const;

/** A replicated queue that refuses what exceeds its bound: the publisher has it still. */
function quorum(bounds: Record<string, unknown>): Options.AssertQueue {
  return { ...durable, arguments: { 'x-queue-type': 'quorum', 'x-overflow': 'reject-publish', ...bounds } };
}

/** Moves on what leaves the queue otherwise than handled, and forgets it only when it has arrived. */
function movedTo(routingKey?: string): Record<string, unknown> {
  return {
    'x-dead-letter-strategy': 'at-least-once',
    'x-dead-letter-exchange': '',
    ...(routingKey === undefined ? {} : { 'x-dead-letter-routing-key': routingKey }),
  };
}

/** What publishers of events need. */
export async function declareEvents(channel: Channel): Promise<void> {
  await channel.assertExchange(names.events, 'topic', durable);
  await channel.assertQueue(
    names.log,
    quorum({
      'x-overflow': 'drop-head',
      'x-max-length-bytes': 256 * mebibyte,
      'x-message-ttl': hourMs,
      'x-delivery-limit': readingsMax,
    }),
  );
  await channel.bindQueue(names.log, names.events, '#');
}

/** Where events go that were not handled. */
export async function declareLetters(channel: Channel): Promise<void> {
  const stored = { 'x-max-length': lettersMax, 'x-message-ttl': 30 * dayMs, 'x-delivery-limit': readingsMax };
  await channel.assertQueue(names.dead, quorum(stored));
  await channel.assertQueue(names.dropped, quorum({ ...stored, 'x-overflow': 'drop-head' }));
}

/** The queues in which events wait; what is due goes where its routing key says. */
export async function declareWaits(channel: Channel, steps: WaitSteps): Promise<void> {
  for (const step of steps) {
    const wait = names.wait(step);
    await channel.assertExchange(wait, 'fanout', durable);
    await channel.assertQueue(
      wait,
      quorum({ ...movedTo(), 'x-message-ttl': step, 'x-max-length-bytes': 256 * mebibyte }),
    );
    await channel.bindQueue(wait, wait, '');
  }
}

/** The two queues of a subscription. One process at a time reads the first. */
export async function declareQueue(channel: Channel, queue: string): Promise<void> {
  await channel.assertQueue(
    names.retry(queue),
    quorum({
      ...movedTo(names.dead),
      'x-delivery-limit': singleDeliveriesMax,
      'x-max-length-bytes': 256 * mebibyte,
    }),
  );
  await channel.assertQueue(
    names.queue(queue),
    quorum({
      ...movedTo(names.retry(queue)),
      'x-delivery-limit': unfinishedMax,
      'x-max-length-bytes': 1_024 * mebibyte,
      'x-single-active-consumer': true,
    }),
  );
}

/** All that a process publishes to. */
export async function declareAll(channel: ConfirmChannel, steps: WaitSteps): Promise<void> {
  await declareEvents(channel);
  await declareLetters(channel);
  await declareWaits(channel, steps);
}
