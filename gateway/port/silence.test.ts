/** Clients that stop sending, or send a byte at a time: their connections end within the limits, in both protocols. */
import http2 from 'node:http2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataFrame, framesOf, headersFrame, http2Preface, pingAcks, settingsFrame } from '../testing/http2-bytes.ts';
import { connectRaw } from '../testing/raw-client.ts';
import { listenOnePort, type OnePortServer } from './one-port-server.ts';

const limits = {
  // By a timer of its own: a process that stands still that long would close connections whose bytes are there and not read yet.
  firstByteTimeoutMs: 1_500,
  headersTimeoutMs: 300,
  requestTimeoutMs: 300,
  unreadTimeoutMs: 300,
  idleTimeoutMs: 400,
  pingIntervalMs: 100,
  pingTimeoutMs: 200,
  lingerMs: 100,
};
const head = { ':method': 'POST', ':scheme': 'http', ':path': '/', ':authority': 'x' };
const stream = { ...head, ':path': '/stream' };
const opening = Buffer.concat([http2Preface, settingsFrame]);
// Continued by a frame that does not come.
const openHeaders = headersFrame(1, head);
openHeaders[4] = 0;

const largeEnded = Promise.withResolvers<void>();
let server: OnePortServer;
beforeAll(async () => {
  server = await listenOnePort({
    host: '127.0.0.1',
    port: 0,
    limits,
    handler: (request, response) => {
      if (request.url === '/stream') response.writeHead(200).write('begun');
      else if (request.url === '/large?1')
        response.on('close', () => largeEnded.resolve()).end(Buffer.alloc(50_000_000));
      else if (request.url === '/large?2') response.end(Buffer.alloc(1_000_000));
      else request.resume().on('end', () => response.end('done'));
    },
  });
});
afterAll(() => server?.[Symbol.asyncDispose]());

/** What is sent at once, and what then follows byte by byte; the connection is closed in spite of the latter. */
const silent: Record<string, { sent: Uint8Array | string; trickle?: Uint8Array | string }> = {
  'sends nothing': { sent: '' },
  'sends a part of the first bytes': { sent: 'PR' },
  'sends half a head of HTTP/1.1': { sent: 'POST / HTTP/1.1\r\nhost: x\r\n', trickle: `x: ${'y'.repeat(10_000)}` },
  'sends a body of HTTP/1.1 byte by byte': {
    sent: 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10000\r\n\r\n',
    trickle: 'z'.repeat(9_999),
  },
  'has its answer of HTTP/1.1 and stays': { sent: 'GET / HTTP/1.1\r\nhost: x\r\n\r\n' },
  'sends a part of the preface': { sent: http2Preface.subarray(0, 12) },
  'sends the preface only': { sent: http2Preface },
  'sends preface and SETTINGS only': { sent: opening },
  'sends half a HEADERS frame': { sent: Buffer.concat([opening, headersFrame(1, head).subarray(0, -5)]) },
  'sends HEADERS without their end': { sent: Buffer.concat([opening, openHeaders]) },
  'sends a HEADERS frame byte by byte': {
    sent: opening,
    trickle: headersFrame(1, { ...head, x: 'y'.repeat(10_000) }).subarray(0, -1),
  },
  'sends a body of HTTP/2 byte by byte': {
    sent: Buffer.concat([opening, headersFrame(1, head)]),
    trickle: dataFrame(1, Buffer.alloc(10_000)).subarray(0, -1),
  },
  'has its answer of HTTP/2 and stays': { sent: Buffer.concat([opening, headersFrame(1, head, true)]) },
  'reads a stream and acknowledges no PING': { sent: Buffer.concat([opening, headersFrame(1, stream, true)]) },
};

describe('the port', () => {
  it.concurrent.each(Object.entries(silent))('closes a connection that %s', async (_, { sent, trickle = '' }) => {
    using client = connectRaw(server.port);
    client.socket.write(sent);
    const bytes = Buffer.from(trickle);
    let next = 0;
    const timer = setInterval(() => {
      if (next < bytes.length) client.socket.write(bytes.subarray(next, ++next));
    }, 20);
    await client.closed;
    clearInterval(timer);
  });

  it.concurrent('says GOAWAY before it closes a connection without calls', async () => {
    using client = connectRaw(server.port);
    client.socket.write(Buffer.concat([opening, headersFrame(1, head, true)]));
    client.socket.on('data', () => client.socket.write(Buffer.concat(pingAcks(client.received))));
    await client.closed;
    const goaways = framesOf(client.received).filter(({ type }) => type === 0x7);
    expect(new Set(goaways.map(({ payload }) => payload.readUInt32BE(4)))).toEqual(new Set([0]));
  });

  it.concurrent('ends the request alone when only its body does not come, and the connection is used further', async () => {
    const session = http2.connect(`http://127.0.0.1:${server.port}`);
    const slow = session.request({ ...head });
    const closed = new Promise((resolve) => slow.once('close', resolve));
    slow.on('error', () => {});
    slow.write('a part');
    await closed;
    expect(slow.rstCode).toBe(http2.constants.NGHTTP2_CANCEL);
    expect(await statusOf(session.request({ ...head }).end('whole'))).toBe(200);
    session.destroy();
  });

  it.concurrent('leaves a stream open whose reader is there, however long it is silent', async () => {
    const session = http2.connect(`http://127.0.0.1:${server.port}`);
    const reading = session.request({ ...stream });
    let isOpen = true;
    reading.once('close', () => {
      isOpen = false;
    });
    expect(await statusOf(reading)).toBe(200);
    // Far longer than any of the limits.
    for (let pings = 0; pings < 12; pings++) await new Promise((resolve) => session.once('ping', resolve));
    expect(isOpen).toBe(true);
    session.destroy();
  });

  it.concurrent('does not ask a connection without calls again that it knows to be between two frames', async () => {
    const session = http2.connect(`http://127.0.0.1:${server.port}`);
    let pings = 0;
    session.on('ping', () => {
      pings += 1;
    });
    await new Promise((resolve) => session.once('close', resolve));
    expect(pings).toBeLessThanOrEqual(2);
  });
});

describe('an answer that its client does not read', () => {
  it.concurrent('over HTTP/1.1 is cut off', async () => {
    using client = connectRaw(server.port);
    client.socket.pause();
    client.socket.write('GET /large?1 HTTP/1.1\r\nhost: x\r\n\r\n');
    await largeEnded.promise;
    client.socket.resume();
    await client.closed;
    expect(client.received.length).toBeLessThan(50_000_000);
  });

  it.concurrent('over HTTP/2 is cut off, and the connection is used further', async () => {
    const session = http2.connect(`http://127.0.0.1:${server.port}`);
    const unread = session.request({ ...head, ':path': '/large?2' });
    const closed = new Promise((resolve) => unread.once('aborted', resolve));
    unread.on('error', () => {});
    await closed;
    expect(await statusOf(session.request({ ...head }).end('whole'))).toBe(200);
    session.destroy();
  });
});

function statusOf(stream: http2.ClientHttp2Stream): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    stream.once('response', (headers) => resolve(headers[':status']));
    stream.once('error', reject);
  });
}
