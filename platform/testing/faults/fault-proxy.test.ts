import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { pause } from '#platform/time/pause.ts';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';

let server: Server;
let proxy: FaultProxy;
let clients: Client[];

beforeEach(async () => {
  server = await startEcho('');
  proxy = await startFaultProxy({ target: targetOf(server), connectionsMax: 3 });
  clients = [];
});
afterEach(async () => {
  for (const { socket } of clients) socket.destroy();
  await proxy[Symbol.asyncDispose]();
  server.close();
});

const targetOf = (of: Server) => ({ host: '127.0.0.1', port: (of.address() as AddressInfo).port });

/** A server that repeats what it hears, after a mark. */
async function startEcho(mark: string): Promise<Server> {
  const echo = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (bytes) => socket.write(`${mark}${bytes}`));
  });
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
  return echo;
}

type Client = { socket: Socket; heard: () => string; ended: () => string };

/** A client with what it has heard, and how its connection has ended. */
function connectClient(): Client {
  const socket = connect(proxy.port, proxy.host);
  let heard = '';
  let ended = '';
  socket.on('data', (bytes) => {
    heard += bytes;
  });
  socket.on('error', ({ message }) => {
    ended = message;
  });
  socket.on('close', () => {
    ended ||= 'closed';
  });
  const client = { socket, heard: () => heard, ended: () => ended };
  clients.push(client);
  return client;
}

/** A client that has had an answer, so that its connection is open on both sides. */
async function connectAndHear(): Promise<Client> {
  const client = connectClient();
  client.socket.write('hello ');
  await eventually(() => expect(client.heard()).toContain('hello '));
  return client;
}

describe('startFaultProxy', () => {
  it('freezes the open connections while new ones work, and forwards what was held at the thaw', async () => {
    const old = await connectAndHear();
    proxy.freeze();
    old.socket.write('held');
    await connectAndHear();
    expect(old.heard()).toBe('hello ');
    expect(old.ended()).toBe('');
    proxy.thaw();
    await eventually(() => expect(old.heard()).toBe('hello held'));
  });

  it('freezes new connections too: they are accepted and not answered', async () => {
    proxy.freezeAll();
    const client = connectClient();
    client.socket.write('held');
    await once(client.socket, 'connect');
    await eventually(() => expect(proxy.openCount).toBe(1));
    await pause(50);
    expect(client.heard()).toBe('');
    proxy.thaw();
    await eventually(() => expect(client.heard()).toBe('held'));
  });

  it('drops a connection without an end that the client could see, while the server sees one', async () => {
    const closed = new Promise((resolve) => server.once('connection', (socket) => socket.once('close', resolve)));
    const client = await connectAndHear();
    proxy.drop();
    await closed;
    client.socket.write('lost');
    proxy.thaw();
    await connectAndHear();
    expect(client.heard()).toBe('hello ');
    expect(client.ended()).toBe('');
    client.socket.destroy();
    await eventually(() => expect(proxy.openCount).toBe(1));
  });

  it('resets, refuses and bounds connections', async () => {
    const client = await connectAndHear();
    proxy.reset();
    await eventually(() => expect(client.ended()).toContain('ECONNRESET'));
    proxy.refuse(true);
    const refused = connectClient();
    await eventually(() => expect(refused.ended()).not.toBe(''));
    proxy.refuse(false);
    for (let open = 0; open < 3; open += 1) await connectAndHear();
    const tooMany = connectClient();
    await eventually(() => expect(tooMany.ended()).not.toBe(''));
    expect(proxy.acceptedCount).toBe(4);
  });

  it('loses the first answers of a share of the connections, as the seed says', async () => {
    const heardWith = async (share: number, seed: number) => {
      proxy.loseAnswers({ share, seed });
      const outcomes: string[] = [];
      const lostBefore = proxy.lostCount;
      for (let count = 0; count < 12; count += 1) {
        const client = connectClient();
        client.socket.write('hello');
        const lost = proxy.lostCount;
        await eventually(() => expect(client.heard() !== '' || proxy.lostCount > lost).toBe(true));
        outcomes.push(client.heard() === '' ? 'lost' : 'heard');
        client.socket.destroy();
        await eventually(() => expect(proxy.openCount).toBe(0));
      }
      expect(outcomes.filter((one) => one === 'lost')).toHaveLength(proxy.lostCount - lostBefore);
      return outcomes.join(' ');
    };
    const first = await heardWith(0.5, 7);
    expect(first).toContain('lost');
    expect(first).toContain('heard');
    expect(await heardWith(0.5, 7)).toBe(first);
    expect(await heardWith(0, 7)).not.toContain('lost');
  });

  it('delays what is forwarded, in order', async () => {
    const client = await connectAndHear();
    proxy.delay(60);
    const startTimeMs = performance.now();
    for (const text of ['a', 'b', 'c']) client.socket.write(text);
    await eventually(() => expect(client.heard()).toBe('hello abc'));
    // Once on the way there, once on the way back.
    expect(performance.now() - startTimeMs).toBeGreaterThanOrEqual(115);
  });

  it('forwards an end', async () => {
    const client = await connectAndHear();
    client.socket.end();
    await eventually(() => expect(client.ended()).toBe('closed'));
    await eventually(() => expect(proxy.openCount).toBe(0));
  });

  it('leads new connections to another server', async () => {
    const old = await connectAndHear();
    const other = await startEcho('other: ');
    proxy.retarget(targetOf(other));
    const moved = await connectAndHear();
    expect(moved.heard()).toBe('other: hello ');
    old.socket.write('again');
    await eventually(() => expect(old.heard()).toBe('hello again'));
    other.close();
  });

  it('puts itself into a URL', () => {
    expect(proxy.through('postgres://a:b@db.example:5432/name?x=1')).toBe(
      `postgres://a:b@127.0.0.1:${proxy.port}/name?x=1`,
    );
  });
});
