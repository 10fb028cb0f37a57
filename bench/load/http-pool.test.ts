import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createHttpPool, type HttpPoolOptions } from './http-pool.ts';

const cleanup: (() => void)[] = [];
afterEach(() => {
  for (const undo of cleanup.splice(0)) undo();
});

async function openPool(listener: RequestListener, overrides: Partial<HttpPoolOptions> = {}) {
  const sockets = new Set<unknown>();
  const server = createServer(listener).on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const bounds = { connectionsMax: 4, queueLengthMax: 100, timeoutMs: 5_000 };
  const pool = createHttpPool({ host: '127.0.0.1', port, ...bounds, ...overrides });
  cleanup.push(() => {
    pool[Symbol.dispose]();
    server.closeAllConnections();
    server.close();
  });
  return { pool, connections: () => sockets.size };
}

const post = (text: string) =>
  Buffer.from(`POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${text.length}\r\n\r\n${text}`);
const echo: RequestListener = (request, response) => void request.pipe(response);

describe('createHttpPool', () => {
  it('gives every request its own answer, over no more connections than allowed', async () => {
    const { pool, connections } = await openPool(echo);
    const texts = Array.from({ length: 50 }, (_, index) => `text ${index}`);
    const answers = await Promise.all(texts.map((text) => pool.send(post(text))));
    expect(answers.map(({ body }) => body.toString())).toEqual(texts);
    expect(connections()).toBe(4);
  });

  it('rejects a request that is not answered in time, and sends the next one', async () => {
    let isFirst = true;
    const { pool } = await openPool(
      (request, response) => {
        if (!isFirst) echo(request, response);
        isFirst = false;
      },
      // The next one has as long.
      { connectionsMax: 1, timeoutMs: 1_000 },
    );
    const [silent, next] = await Promise.allSettled([pool.send(post('one')), pool.send(post('two'))]);
    expect(silent.status).toBe('rejected');
    expect(next.status).toBe('fulfilled');
  });

  it('rejects more than may wait', async () => {
    const { pool } = await openPool(() => {}, { connectionsMax: 1, queueLengthMax: 1 });
    const sent = [pool.send(post('one')), pool.send(post('two'))];
    await expect(pool.send(post('three'))).rejects.toThrow('too many');
    pool[Symbol.dispose]();
    expect((await Promise.allSettled(sent)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });
});
