/** Requests that are answered before they are complete: the answer arrives, and the rest of the body is not read. */
import http2 from 'node:http2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectRaw } from '../testing/raw-client.ts';
import { listenOnePort, type OnePortServer } from './one-port-server.ts';

const limits = { discardedBytesMax: 64 * 1024, lingerMs: 300 };
const gigabyte = 1_000_000_000;
/** What the buffers of both ends of a connection on this machine hold, and a good deal more. */
const buffersBytes = 50_000_000;
const chunk = Buffer.alloc(64 * 1024);

let server: OnePortServer;
beforeAll(async () => {
  server = await listenOnePort({
    host: '127.0.0.1',
    port: 0,
    limits,
    handler: async (request, response) => {
      if (request.url === '/after-a-part') for await (const _ of request) break;
      response.writeHead(429, { 'content-type': 'text/plain' });
      response.end('too many');
    },
  });
});
afterAll(() => server?.[Symbol.asyncDispose]());

const cases: [path: string, framing: string][] = [
  ['/at-once', `content-length: ${gigabyte}`],
  ['/at-once', 'transfer-encoding: chunked'],
  ['/after-a-part', `content-length: ${gigabyte}`],
  ['/after-a-part', 'transfer-encoding: chunked'],
];

describe('a request of a gigabyte over HTTP/1.1', () => {
  it.each(cases)('that is refused %s (%s) is answered and cut off', async (path, framing) => {
    using client = connectRaw(server.port);
    client.socket.write(`POST ${path} HTTP/1.1\r\nhost: x\r\n${framing}\r\n\r\n`);
    const piece = framing.startsWith('content')
      ? chunk
      : Buffer.concat([Buffer.from('10000\r\n'), chunk, Buffer.from('\r\n')]);
    const sentBytes = await client.pour(piece, gigabyte);
    const answer = client.received.toString();
    expect(answer).toMatch(/^HTTP\/1.1 429 .*too many/s);
    expect(answer).toMatch(/connection: close/i);
    expect(sentBytes).toBeLessThan(buffersBytes);
  });
});

describe('a short request over HTTP/1.1', () => {
  it('that is refused before it is complete does not cost its connection', async () => {
    using client = connectRaw(server.port);
    client.socket.write('POST /at-once HTTP/1.1\r\nhost: x\r\ncontent-length: 2000\r\n\r\n');
    await client.receive('too many');
    expect(client.received.toString()).not.toMatch(/connection: close/i);
    client.socket.write('x'.repeat(2_000));
    client.socket.write('POST /second HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
    await client.closed;
    expect(client.received.toString().match(/429/g)).toHaveLength(2);
  });
});

describe('a request over HTTP/2', () => {
  it.each(['/at-once', '/after-a-part'])('that is refused %s is answered and ended with NO_ERROR', async (path) => {
    const session = http2.connect(`http://127.0.0.1:${server.port}`);
    const stream = session.request({ ':method': 'POST', ':path': path });
    let status: number | undefined;
    let body = '';
    stream.on('response', (headers) => {
      status = headers[':status'];
    });
    stream.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    stream.on('error', () => {});
    stream.write(chunk.subarray(0, 1_000));
    await new Promise((resolve) => stream.once('close', resolve));
    expect([status, body, stream.rstCode]).toEqual([429, 'too many', http2.constants.NGHTTP2_NO_ERROR]);
    session.destroy();
  });
});
