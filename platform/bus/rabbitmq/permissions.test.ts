import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Channel, connect } from 'amqplib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventOf, idsOf } from '#platform/testing/bus.ts';
import { silentLogger } from '#platform/testing/database.ts';
import { hasRabbitmq, startTestRabbitmq, type TestRabbitmq } from '#platform/testing/rabbitmq.ts';
import { requireOrSkip } from '#platform/testing/require-or-skip.ts';
import type { Bus, BusEvent } from '../bus.ts';
import { definitionsOf } from './definitions.ts';
import { createRabbitmqBus } from './rabbitmq-bus.ts';
import { names } from './topology.ts';

const services = ['ledger', 'notification', 'order'] as const;
type Name = (typeof services)[number];

let broker: TestRabbitmq;
let urls: Record<Name, string>;
const buses = {} as Record<Name, Bus>;

beforeAll(async () => {
  if (!hasRabbitmq()) return;
  broker = await startTestRabbitmq();
  const host = new URL(await broker.createHost('permissions'));
  const users = services.map((service) => ({
    service,
    password: `password-of-${service}`,
    readsLetters: service === 'notification',
  }));
  await using directory = await mkdtempDisposable(join(tmpdir(), 'outcry-definitions-'));
  const file = join(directory.path, 'definitions.json');
  await writeFile(file, JSON.stringify(definitionsOf(users, 'permissions')));
  await broker.control('import_definitions', file);
  const urlOf = (username: string, password: string) => Object.assign(new URL(host), { username, password }).href;
  urls = Object.fromEntries(users.map(({ service, password }) => [service, urlOf(service, password)])) as typeof urls;
  for (const name of services) {
    // A broker that has just started may take longer for its first connections than a publisher waits for one.
    await (await connect(urls[name])).close();
    buses[name] = createRabbitmqBus({
      url: urls[name],
      serviceName: name,
      logger: silentLogger,
      waitSteps: [20, 200],
      retryPollMs: 50,
    });
  }
}, 180_000);
afterAll(async () => {
  for (const bus of Object.values(buses)) await bus[Symbol.asyncDispose]();
  await broker?.[Symbol.asyncDispose]();
}, 60_000);

/** Does something on the broker as the user of a service; resolves to the code of its refusal, 0 without one. */
async function attempt(name: Name, work: (channel: Channel) => PromiseLike<unknown>): Promise<number> {
  const connection = await connect(urls[name]);
  try {
    const channel = await connection.createChannel();
    // The refusal also ends the channel.
    channel.on('error', () => {});
    await work(channel);
    return 0;
  } catch (error) {
    return (error as { code?: number }).code ?? Number.NaN;
  } finally {
    await connection.close();
  }
}

describe('definitionsOf', () => {
  it('lets a service publish, and handle events by its own queues, failures and retries included', {
    timeout: 120_000,
  }, async (context) => {
    requireOrSkip(context, hasRabbitmq(), 'RabbitMQ is not installed');
    const handled: string[] = [];
    let failures = 2;
    const handlePage = async (events: BusEvent[]) => {
      if (failures-- > 0) throw new Error('not yet');
      handled.push(...idsOf(events));
    };
    await using _consumer = await buses.ledger.subscribe({ queue: 'ledger.tests', types: ['Made'], handlePage });
    const event = eventOf('Made');
    await buses.order.publish([event]);
    await expect.poll(() => handled, { timeout: 60_000 }).toEqual([event.id]);
  });

  it('lets the one that shows dead letters read them, and no other', { timeout: 120_000 }, async (context) => {
    requireOrSkip(context, hasRabbitmq(), 'RabbitMQ is not installed');
    expect((await buses.notification.deadLetters.list('', 10, '')).deadLetters).toEqual([]);
    await expect(buses.order.deadLetters.list('', 10, '')).rejects.toThrow();
  });

  it('lets no service read, delete or bind the queues of another, or make others than its own', {
    timeout: 120_000,
  }, async (context) => {
    requireOrSkip(context, hasRabbitmq(), 'RabbitMQ is not installed');
    const queue = names.queue('ledger.tests');
    const refused = 403;
    expect(await attempt('order', (channel) => channel.get(queue))).toBe(refused);
    expect(await attempt('order', (channel) => channel.purgeQueue(queue))).toBe(refused);
    expect(await attempt('order', (channel) => channel.deleteQueue(queue))).toBe(refused);
    expect(await attempt('order', (channel) => channel.unbindQueue(queue, names.events, 'Made'))).toBe(refused);
    expect(await attempt('order', (channel) => channel.assertQueue(names.queue('orders.tests')))).toBe(refused);
    expect(await attempt('order', (channel) => channel.assertQueue('anything'))).toBe(refused);
    expect(await attempt('order', (channel) => channel.get(names.dead))).toBe(refused);
    expect(await attempt('ledger', (channel) => channel.checkQueue(queue))).toBe(0);
  });
});
