/** Bodies that are far too large, or whose call is refused already: the caller gets the reason, and the body is not read. */
import http2 from 'node:http2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectRaw, type RawClient } from './testing/raw-client.ts';
import { startTestGateway, type TestGateway } from './testing/start-test-gateway.ts';

const gigabyte = 1_000_000_000;
const buffersBytes = 50_000_000;
const path = '/outcry.market.v1.MarketService/GetInstrument';
const piece = Buffer.alloc(64 * 1024, ' ');
const chunk = Buffer.concat([Buffer.from('10000\r\n'), piece, Buffer.from('\r\n')]);

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway?.[Symbol.asyncDispose]());

function begin(headers: Record<string, string>): RawClient {
  const client = connectRaw(gateway.port);
  const lines = Object.entries({ host: 'x', 'content-type': 'application/json', ...headers });
  client.socket.write(`POST ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`);
  return client;
}

describe('a body of a gigabyte over HTTP/1.1', () => {
  it.each([
    [
      'of a caller whose token is bad',
      { authorization: 'Bearer x', 'content-length': String(gigabyte) },
      piece,
      'TOKEN_INVALID',
    ],
    ['that says how long it is', { 'content-length': String(gigabyte) }, piece, 'MESSAGE_TOO_LARGE'],
    ['that does not say how long it is', { 'transfer-encoding': 'chunked' }, chunk, 'MESSAGE_TOO_LARGE'],
  ])('%s is refused with the reason, and not read', async (_, headers, part, reason) => {
    using client = begin(headers);
    const sentBytes = await client.pour(part, gigabyte);
    expect(client.received.toString()).toContain(`"reason":"${reason}"`);
    expect(sentBytes).toBeLessThan(buffersBytes);
  });
});

describe('a body over HTTP/2 that is too large', () => {
  it('is refused with the reason, and its stream is ended with NO_ERROR', async () => {
    const session = http2.connect(gateway.url);
    const stream = session.request({ ':method': 'POST', ':path': path, 'content-type': 'application/json' });
    let body = '';
    stream.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    stream.on('error', () => {});
    const send = () => {
      while (!stream.closed && stream.write(piece));
    };
    stream.on('drain', send);
    send();
    await new Promise((resolve) => stream.once('close', resolve));
    expect(body).toContain('MESSAGE_TOO_LARGE');
    expect(stream.rstCode).toBe(http2.constants.NGHTTP2_NO_ERROR);
    session.destroy();
  });
});
