import { createPublisher } from '#platform/bus/rabbitmq/publisher.ts';
import { readQueue } from '#platform/bus/rabbitmq/read-queue.ts';
import { names } from '#platform/bus/rabbitmq/topology.ts';
import type { RunningSystem } from '../../../supervisor/testing/index.ts';
import { withBroker } from '../judge/broker.ts';
import { isOnBroker } from '../judge/bus-contents.ts';
import { connectStores } from '../judge/stores.ts';
import { until } from './victims.ts';

const events = 200;
const pages = 20;
const timeoutMs = 60_000;

/**
 * Delivers events of every queue once more, as a bus that promises at least one delivery may. Waits for a server that another fault has ended;
 * rejects after a minute.
 */
export async function redeliverEvents(system: RunningSystem): Promise<void> {
  const again = isOnBroker(system) ? publishAgain : setQueuesBack;
  const isDone = () =>
    again(system).then(
      () => true,
      () => false,
    );
  await until('the bus delivers events again', timeoutMs, isDone);
}

/** Every queue of the PostgreSQL bus goes back to an earlier position, and whichever process read it has lost it. */
async function setQueuesBack(system: RunningSystem): Promise<void> {
  await using stores = await connectStores(system, ['bus']);
  await stores.read(
    'bus',
    `UPDATE bus.queue SET position = greatest(0, position - $1), token = token + 1, holder = '', expire_time = 'epoch'`,
    [events],
  );
}

/** The oldest pages of the broker's log are published anew. */
async function publishAgain(system: RunningSystem): Promise<void> {
  await withBroker(system, async (connection, link) => {
    const publisher = createPublisher(link, async () => {});
    await readQueue(connection, names.log, async (reader) => {
      for (let count = 0; count < pages; count += 1) {
        const message = await reader.next();
        if (message === undefined) return;
        const { fields, content, properties } = message;
        const { headers, contentType, type } = properties;
        const options = { headers, contentType, type };
        await publisher.publish([{ exchange: names.events, routingKey: fields.routingKey, content, options }]);
      }
    });
  });
}
