import type { RunningSystem } from '../../../supervisor/testing/index.ts';
import { connectStores } from '../judge/stores.ts';
import { until } from './victims.ts';

const events = 200;
const timeoutMs = 60_000;

/**
 * Delivers the last events of every queue of the PostgreSQL bus once more, as a bus that promises at least one delivery may: the queue goes
 * back to an earlier position, and whichever process read it has lost it. Waits for a server that another fault has ended; rejects after a
 * minute.
 */
export async function redeliverEvents(system: RunningSystem): Promise<void> {
  const isDone = () =>
    setQueuesBack(system).then(
      () => true,
      () => false,
    );
  await until('the bus delivers events again', timeoutMs, isDone);
}

async function setQueuesBack(system: RunningSystem): Promise<void> {
  await using stores = await connectStores(system, ['bus']);
  await stores.read(
    'bus',
    `UPDATE bus.queue SET position = greatest(0, position - $1), token = token + 1, holder = '', expire_time = 'epoch'`,
    [events],
  );
}
