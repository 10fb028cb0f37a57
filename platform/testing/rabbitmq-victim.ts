/** A process of its own for tests: consumes a queue, and ends in the middle of one event. Arguments: the broker's URL, the event's id. */
import { createRabbitmqBus } from '#platform/bus/rabbitmq/rabbitmq-bus.ts';
import { silentLogger } from './database.ts';

const [url = '', killerId = ''] = process.argv.slice(2);
const bus = createRabbitmqBus({
  url,
  serviceName: 'victim',
  logger: silentLogger,
  waitSteps: [20, 60, 200],
  retryPollMs: 20,
});
await bus.subscribe({
  queue: 'deadly.all',
  types: ['Deadly'],
  attemptsMax: 3,
  handlePage: async (events) => {
    if (events.some(({ id }) => id === killerId)) process.exit(1);
    for (const { id } of events) process.send?.(id);
  },
});
process.once('SIGTERM', () => process.exit(0));
process.send?.('ready');
