/** The RabbitMQ of a run, as the judge and the faults reach it: beside the proxies. */

import { type BrokerLink, createBrokerLink } from '#platform/bus/rabbitmq/broker-link.ts';
import type { BrokerConnection } from '#platform/bus/rabbitmq/connection.ts';
import { lettersOf } from '#platform/bus/rabbitmq/letter.ts';
import { readMessage } from '#platform/bus/rabbitmq/message.ts';
import { readQueue } from '#platform/bus/rabbitmq/read-queue.ts';
import { names } from '#platform/bus/rabbitmq/topology.ts';
import { createLogger } from '#platform/telemetry/logger.ts';
import { loadSecrets, rabbitmqUser } from '../../../supervisor/index.ts';
import type { RunningSystem } from '../../../supervisor/testing/index.ts';
import type { BusContents } from './check-bus.ts';

const timeoutMs = 30_000;

/** Opens a connection for `work` and ends it afterwards. */
export async function withBroker<T>(
  system: RunningSystem,
  work: (connection: BrokerConnection, link: BrokerLink) => Promise<T>,
): Promise<T> {
  const { amqpUrl } = recordOf(system);
  const url = new URL(amqpUrl);
  url.username = rabbitmqUser;
  url.password = passwordOf(system);
  const logger = createLogger({ service: 'chaos', level: 'silent' });
  await using link = createBrokerLink({ url: url.href, name: 'chaos', logger });
  return await work(await link.open(), link);
}

/** What the broker's log has, which is all of a run of less than an hour; who takes which types; and what was set aside for good. */
export async function readBroker(system: RunningSystem): Promise<BusContents> {
  const queues = await readBindings(system);
  return withBroker(system, async (connection) => {
    const pages = await readAll(connection, names.log);
    const letters = (await readAll(connection, names.dead)).flatMap(lettersOf);
    const byQueue = Map.groupBy(letters, ({ queue }) => queue);
    return {
      queues,
      events: pages.flatMap(({ events = [] }) => events.map(({ id, type }) => ({ id, type }))),
      dead: [...byQueue].map(([queue, [first, ...others]]) => ({
        queue,
        count: others.length + 1,
        error: first?.history.lastError ?? '',
      })),
    };
  });
}

function readAll(connection: BrokerConnection, queue: string) {
  return readQueue(connection, queue, async (reader) => {
    const found: ReturnType<typeof readMessage>[] = [];
    for (let message = await reader.next(); message !== undefined; message = await reader.next())
      found.push(readMessage(message));
    return found;
  });
}

/** The queues of consumers, with the types that they are bound for. */
async function readBindings(system: RunningSystem): Promise<BusContents['queues']> {
  const { managementUrl } = recordOf(system);
  const credentials = Buffer.from(`${rabbitmqUser}:${passwordOf(system)}`).toString('base64');
  const response = await fetch(`${managementUrl}api/exchanges/%2F/${names.events}/bindings/source`, {
    headers: { authorization: `Basic ${credentials}` },
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (!response.ok) throw new Error(`the broker has not told its bindings: ${response.status}`);
  const bindings = (await response.json()) as { destination: string; routing_key: string }[];
  const byQueue = Map.groupBy(
    bindings.filter(({ destination }) => destination !== names.log),
    ({ destination }) => destination.slice(names.queue('').length),
  );
  return [...byQueue].map(([name, bound]) => ({ name, types: bound.map(({ routing_key: type }) => type) }));
}

function recordOf(system: RunningSystem) {
  const { rabbitmq } = system.run();
  if (rabbitmq === undefined) throw new Error('the system has no RabbitMQ of its own');
  return rabbitmq;
}

function passwordOf({ dataDirectory }: RunningSystem): string {
  return loadSecrets(dataDirectory).rabbitmqPassword;
}
