import { fork } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it, type TestContext } from 'vitest';
import { eventOf, eventsOf, idsOf, openTestRabbitmqBus, type TestProcesses } from '#platform/testing/bus.ts';
import { silentLogger } from '#platform/testing/database.ts';
import { hasRabbitmq } from '#platform/testing/rabbitmq.ts';
import { requireOrSkip } from '#platform/testing/require-or-skip.ts';
import { pause } from '#platform/time/pause.ts';
import type { BusEvent } from '../bus.ts';
import { type BrokerLink, createBrokerLink } from './broker-link.ts';
import { inChannel } from './in-channel.ts';
import { createPublisher } from './publisher.ts';
import { createRabbitmqBus } from './rabbitmq-bus.ts';
import { names } from './topology.ts';

let test: TestProcesses & { url: string };
let link: BrokerLink;

const poll = (read: () => unknown, timeout = 30_000) => expect.poll(read, { timeout, interval: 20 });

/** A test with a virtual host of its own. */
const check = (sentence: string, run: (context: TestContext) => Promise<void>) =>
  it(sentence, { timeout: 120_000 }, async (context) => {
    requireOrSkip(context, hasRabbitmq(), 'RabbitMQ is not installed');
    test = await openTestRabbitmqBus();
    link = createBrokerLink({ url: test.url, name: 'test', logger: silentLogger });
    try {
      await run(context);
    } finally {
      await link[Symbol.asyncDispose]();
      await test[Symbol.asyncDispose]();
    }
  });
const letters = async () => (await test.bus.deadLetters.list('', 100, '')).deadLetters;
const inBroker = async <T>(work: Parameters<typeof inChannel<T>>[1]) => inChannel(await link.open(), work);
const published = async (events: BusEvent[]) => {
  try {
    await test.bus.publish(events);
    return true;
  } catch {
    return false;
  }
};

describe('the topology', () => {
  check('is declared again when it is gone, and a page without a queue is not taken for published', async () => {
    const queue = await test.collect({ queue: 'gone.all', types: ['Gone'] });
    await test.bus.publish(eventsOf('Gone', 1));
    await poll(() => queue.handled.length).toBe(1);
    await inBroker((channel) => channel.unbindQueue(names.log, names.events, '#'));
    // The exchange routes to no queue now: the broker returns the page.
    const orphan = eventOf('Orphan');
    expect(await published([orphan])).toBe(false);
    await poll(() => published([orphan])).toBe(true);
    const late = await test.collect({ queue: 'orphan.all', types: ['Orphan'] });
    await poll(() => idsOf(late.handled)).toContain(orphan.id);
    await inBroker((channel) => channel.deleteExchange(names.events));
    const [event] = eventsOf('Gone', 1) as [BusEvent];
    await poll(() => published([event])).toBe(true);
    await Promise.all([queue.stop(), late.stop()]);
  });

  check('makes a queue that was deleted anew, with what was in it and what was published meanwhile', async () => {
    const gate = Promise.withResolvers<void>();
    const [before, within, after] = [eventOf('Lost'), eventOf('Lost'), eventOf('Lost')];
    const queue = await test.collect({
      queue: 'lost.all',
      types: ['Lost'],
      pageSizeMax: 1,
      handle: () => gate.promise,
    });
    await test.bus.publish([before]);
    await test.bus.publish([within]);
    await inBroker((channel) => channel.deleteQueue(names.queue('lost.all')));
    await test.bus.publish([after]);
    gate.resolve();
    await poll(() => new Set(idsOf(queue.handled))).toEqual(new Set(idsOf([before, within, after])));
    await queue.stop();
  });

  check('refuses what exceeds a bound, and the publisher has it still', async () => {
    const publisher = createPublisher(link, async (channel) => {
      await channel.assertQueue('small', {
        durable: true,
        arguments: { 'x-queue-type': 'quorum', 'x-overflow': 'reject-publish', 'x-max-length': 1 },
      });
    });
    const fill = () =>
      publisher.publish([{ exchange: '', routingKey: 'small', content: Buffer.from('x'), options: {} }]);
    const outcomes: string[] = [];
    for (let count = 0; count < 5; count += 1) {
      outcomes.push(
        await fill().then(
          () => 'taken',
          (error) => error.name,
        ),
      );
    }
    expect(outcomes).toContain('MessageRefusedError');
  });
});

describe('messages', () => {
  check(
    'are a page for what was published together, with the trace in the headers, and one copy for a queue',
    async () => {
      await (await test.collect({ queue: 'pages.all', types: ['One', 'Two'] })).stop();
      await test.bus.publish([...eventsOf('One', 3), ...eventsOf('Two', 3)]);
      const queue = names.queue('pages.all');
      // The broker counts none while the queue's leader does not answer it at once.
      await poll(async () => (await inBroker((channel) => channel.checkQueue(queue))).messageCount).toBe(1);
      const [message] = await inBroker(async (channel) => {
        const found: { properties: { headers?: Record<string, unknown>; deliveryMode: unknown } }[] = [];
        await channel.consume(queue, (delivery) => void (delivery && found.push(delivery)));
        await poll(() => found.length).toBe(1);
        return found;
      });
      expect(message?.properties).toMatchObject({ deliveryMode: 2, headers: { traceparent: '00-1-2-01' } });
    },
  );

  check('that are no page of events are dropped with a reason, and hold up nothing', async () => {
    const queue = await test.collect({ queue: 'garbled.all', types: ['Fine'] });
    await inBroker(async (channel) => {
      channel.sendToQueue(names.queue('garbled.all'), Buffer.from([255, 255]));
    });
    await test.bus.publish(eventsOf('Fine', 1));
    await poll(() => queue.handled.length).toBe(1);
    await poll(async () => (await inBroker((channel) => channel.checkQueue(names.dropped))).messageCount).toBe(1);
    await queue.stop();
  });

  check('with fields of a next version are read by this one', async () => {
    const queue = await test.collect({ queue: 'next.all', types: ['Next'] });
    const event = eventOf('Next');
    const content = Buffer.concat([await pageBytes(event), Buffer.from([(15 << 3) | 2, 1, 65])]);
    await inBroker(async (channel) => void channel.publish(names.events, 'Next', content));
    await poll(() => idsOf(queue.handled)).toEqual([event.id]);
    await queue.stop();
  });
});

describe('an event that ends its process', () => {
  check('becomes a dead letter after bounded attempts, and its neighbours are handled', async () => {
    await (await test.collect({ queue: 'deadly.all', types: ['Deadly'] })).stop();
    const events = eventsOf('Deadly', 6);
    const killer = events[2] as BusEvent;
    await test.bus.publish(events.slice(0, 4));
    await test.bus.publish(events.slice(4));
    const handled = new Set<string>();
    let starts = 0;
    for (; starts < 30 && ((await letters()).length === 0 || handled.size < 5); starts += 1) {
      await runVictim(test.url, killer.id, (id) => handled.add(id));
    }
    expect(starts).toBeLessThan(30);
    const found = await letters();
    expect(found.map(({ event }) => event.id)).toEqual([killer.id]);
    // One more than it may have, and each end of the process that had only just taken it.
    expect(found[0]?.attempts).toBeGreaterThan(3);
    expect(found[0]?.attempts).toBeLessThan(10);
    expect([...handled].sort()).toEqual(idsOf(events.filter((event) => event !== killer)).sort());
  });
});

describe('dead letters', () => {
  check('are seen whole by readers at the same time', async () => {
    const queue = await test.collect({
      queue: 'readers.all',
      types: ['Read'],
      attemptsMax: 1,
      handle: () => Promise.reject(new Error('bad')),
    });
    await test.bus.publish(eventsOf('Read', 20));
    await poll(async () => (await letters()).length).toBe(20);
    const other = test.openAnother();
    const counts = await Promise.all(
      [test.bus, other, test.bus, other].map(
        async ({ deadLetters }) => (await deadLetters.list('', 100, '')).deadLetters.length,
      ),
    );
    expect(counts).toEqual([20, 20, 20, 20]);
    await queue.stop();
  });
});

describe('subscribe', () => {
  it('does not wait for a broker that is away', async () => {
    await using away = createRabbitmqBus({ url: 'amqp://127.0.0.1:1', serviceName: 'test', logger: silentLogger });
    await using _subscription = await away.subscribe({ queue: 'x.y', types: [], handlePage: async () => {} });
    await expect(away.publish([eventOf('Any')])).rejects.toMatchObject({ code: 14 });
    await expect(away.deadLetters.list('', 1, '')).rejects.toMatchObject({ code: 14 });
  });
});

async function pageBytes(event: BusEvent): Promise<Buffer> {
  const { pagesOf } = await import('./message.ts');
  return (pagesOf([event])[0] as { content: Buffer }).content;
}

/** Runs a consumer that ends its process at one event; resolves when it has ended, or has been idle. */
async function runVictim(url: string, killerId: string, onHandled: (id: string) => void): Promise<void> {
  const child = fork(new URL('../../testing/rabbitmq-victim.ts', import.meta.url), [url, killerId]);
  let lastMs = performance.now();
  const ended = new Promise<boolean>((resolve) => child.once('exit', () => resolve(true)));
  child.on('message', (id) => {
    lastMs = performance.now();
    if (id !== 'ready') onHandled(String(id));
  });
  // A busy machine may take longer than that to load it.
  await Promise.race([ended, once(child, 'message')]);
  while (performance.now() - lastMs < 3_000) {
    if (await Promise.race([ended, pause(50).then(() => false)])) return;
  }
  child.kill('SIGTERM');
  await ended;
}
