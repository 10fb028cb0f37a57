import { connect, createServer, type Server } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { silentLogger } from '#platform/testing/database.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { createTestHost, hasRabbitmq } from '#platform/testing/rabbitmq.ts';
import { requireOrSkip } from '#platform/testing/require-or-skip.ts';
import { pause } from '#platform/time/pause.ts';
import { within } from '#platform/time/within.ts';
import { type BrokerLink, createBrokerLink } from './broker-link.ts';
import { closeChannel } from './connection.ts';
import { inChannel } from './in-channel.ts';

let link: BrokerLink | undefined;
let server: Server | undefined;
const linkTo = (url: string) => createBrokerLink({ url, name: 'test', logger: silentLogger });
const check = (sentence: string, run: () => Promise<void>) =>
  it(sentence, { timeout: 120_000 }, async (context) => {
    requireOrSkip(context, hasRabbitmq(), 'RabbitMQ is not installed');
    await run();
  });

afterEach(async () => {
  await link?.[Symbol.asyncDispose]();
  server?.close();
});

/** The address of a way to the broker on which the first bytes are late. */
async function slowWayTo(url: string, delayMs: number): Promise<string> {
  const { hostname, port } = new URL(url);
  server = createServer((client) => {
    const broker = connect(Number(port), hostname);
    for (const socket of [client, broker]) socket.on('error', () => {});
    broker.pipe(client);
    void pause(delayMs).then(() => client.pipe(broker));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const way = new URL(url);
  way.port = String((server.address() as { port: number }).port);
  return way.href;
}

check('a connection that takes longer than its caller waits is there for a later one', async () => {
  const late = linkTo(await slowWayTo(await createTestHost(), 4_000));
  link = late;
  await expect(late.open()).rejects.toThrow('not reachable');
  const connection = await eventually(() => late.open());
  expect(await late.open()).toBe(connection);
  await inChannel(connection, (channel) => channel.assertExchange('late', 'fanout'));
});

check('a connection that was given up is replaced, and nothing on it waits for ever', async () => {
  link = linkTo(await createTestHost());
  const connection = await link.open();
  const channel = await connection.createChannel();
  const closing = closeChannel(channel);
  const asked = inChannel(connection, (other) => other.assertExchange('gone', 'fanout'));
  asked.catch(() => {});
  connection.drop();
  await within(30_000, closing);
  await expect(within(30_000, asked)).rejects.toThrow('');
  await expect(connection.createChannel()).rejects.toThrow('not reachable');
  const next = await link.open();
  expect(next).not.toBe(connection);
  await inChannel(next, (other) => other.assertExchange('there', 'fanout'));
});
