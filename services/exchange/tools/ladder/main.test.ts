import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#platform/testing/postgres.ts';
import { testServiceKeyEnv } from '#platform/testing/service-keys.ts';
import { acme, newOrder } from '../../testing/requests.ts';
import { startExchange, type TestExchange } from '../../testing/running-exchange.ts';

const main = new URL('./main.ts', import.meta.url).pathname;
const run = promisify(execFile);

let database: TestDatabase;
let running: TestExchange;

beforeAll(async () => {
  database = await createTestDatabase();
  running = await startExchange(database.url);
  await running.exchange.served;
  await running.market.listSymbol({ listing: acme });
});

afterAll(async () => {
  await running[Symbol.asyncDispose]();
  await database.drop();
});

function showBook(...args: string[]) {
  const env = { ...process.env, ...testServiceKeyEnv('market') };
  return run(process.execPath, [main, '--address', `ipv4:127.0.0.1:${running.port}`, ...args], { env });
}

describe('npm run book', () => {
  it('prints the book once where the output is no terminal', async () => {
    const orders = [newOrder('buy', { priceTicks: 99n, quantityLots: 40n }), newOrder('sell', { priceTicks: 104n })];
    await running.order.submit({ orders });
    const { stdout } = await showBook('ACME', '--depth', '1');
    expect(stdout.split('\n').slice(0, 6)).toEqual([
      'ACME  continuous  no trade yet',
      '',
      '     price      lots  orders',
      expect.stringMatching(/^ {6}1\.04 {8}10 {7}1 {2}█+$/),
      '----------  spread 0.05',
      expect.stringMatching(/^ {6}0\.99 {8}40 {7}1 {2}█+$/),
    ]);
  });

  it('says which book there is not', async () => {
    await expect(showBook('NONE')).rejects.toMatchObject({ code: 1, stderr: 'book: the exchange has no book NONE\n' });
    await expect(showBook()).rejects.toMatchObject({ code: 2 });
  });
});
