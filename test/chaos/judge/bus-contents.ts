/** What a bus has carried in a run, whichever it is. */
import type { RunningSystem } from '../../../supervisor/testing/index.ts';
import { readBroker } from './broker.ts';
import type { BusContents } from './check-bus.ts';
import type { Stores } from './stores.ts';

/** Whether the events of the system are carried by RabbitMQ. */
export function isOnBroker(system: RunningSystem): boolean {
  return system.run().rabbitmq !== undefined;
}

/** Reads everything; a run is small enough. */
export function readBus(system: RunningSystem, stores: Stores): Promise<BusContents> {
  return isOnBroker(system) ? readBroker(system) : readPostgresBus(stores);
}

async function readPostgresBus(stores: Stores): Promise<BusContents> {
  const dead = await stores.read<{ queue: string; count: string; error: string }>(
    'bus',
    `SELECT queue, count(*) AS count, min(last_error) AS error FROM bus.retry WHERE dead_time IS NOT NULL GROUP BY queue`,
  );
  return {
    events: await stores.read('bus', 'SELECT id, type FROM bus.log'),
    queues: await stores.read('bus', 'SELECT name, types FROM bus.queue'),
    dead: dead.map((row) => ({ ...row, count: Number(row.count) })),
  };
}
