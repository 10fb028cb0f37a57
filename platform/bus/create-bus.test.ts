import { describe, expect, it } from 'vitest';
import { silentLogger } from '#platform/testing/database.ts';
import { createBus } from './create-bus.ts';

describe('createBus', () => {
  const base = { serviceName: 'test', logger: silentLogger };

  it('takes the broker that AMQP_URL names before the database, and says what is missing', async () => {
    await using bus = await createBus({ ...base, amqpUrl: 'amqp://127.0.0.1:1', busDatabaseUrl: 'postgres://x' });
    await expect(bus.deadLetters.list('', 1, '')).rejects.toThrow('the message broker is not reachable');
    await expect(createBus(base)).rejects.toThrow('BUS_DATABASE_URL');
  });
});
