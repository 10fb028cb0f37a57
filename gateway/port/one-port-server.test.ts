import http2 from 'node:http2';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { pause } from '#platform/time/pause.ts';
import { framesOf, headersFrame, http2Preface, resetFrame, settingsFrame } from '../testing/http2-bytes.ts';
import { connectRaw } from '../testing/raw-client.ts';
import type { OnePortLimits } from './limits.ts';
import { listenOnePort, type OnePortServer } from './one-port-server.ts';
import type { RequestHandler } from './request-handler.ts';

const head = { ':method': 'GET', ':scheme': 'http', ':path': '/', ':authority': 'x' };
const opening = Buffer.concat([http2Preface, settingsFrame]);

let running: OnePortServer | undefined;
afterEach(async () => {
  await running?.[Symbol.asyncDispose]();
  running = undefined;
});

async function listen(handler: RequestHandler, limits: Partial<OnePortLimits> = {}): Promise<OnePortServer> {
  running = await listenOnePort({ host: '127.0.0.1', port: 0, handler, limits });
  return running;
}

describe('a client that resets the calls that it opens', () => {
  it('costs no call, and its connection ends with ENHANCE_YOUR_CALM', async () => {
    let calls = 0;
    const { port } = await listen(
      (_, response) => {
        calls += 1;
        response.end();
      },
      { newStreamsPerSecondMax: 100, resetCost: 20 },
    );
    using client = connectRaw(port);
    const ids = Array.from({ length: 250 }, (_, index) => 2 * index + 1);
    client.socket.write(
      Buffer.concat([opening, ...ids.flatMap((id) => [headersFrame(id, head, true), resetFrame(id)])]),
    );
    await client.closed;
    const [goaway] = framesOf(client.received).filter(({ type }) => type === 0x7);
    expect(goaway?.payload.readUInt32BE(4)).toBe(http2.constants.NGHTTP2_ENHANCE_YOUR_CALM);
    expect(calls).toBe(0);
  });

  it('is answered like all others while it does so seldom', async () => {
    const { port } = await listen((_, response) => response.end());
    const session = http2.connect(`http://127.0.0.1:${port}`);
    for (let count = 0; count < 60; count++) {
      session.request(head).close(http2.constants.NGHTTP2_CANCEL);
      expect(await endOf(session.request(head))).toBe(http2.constants.NGHTTP2_NO_ERROR);
    }
    session.destroy();
  });
});

describe('a client that opens more calls than it may', () => {
  it('gets REFUSED_STREAM for those that are too many', async () => {
    const { port } = await listen((_, response) => response.end(), { newStreamsPerSecondMax: 50 });
    const session = http2.connect(`http://127.0.0.1:${port}`);
    const ends = await Promise.all(Array.from({ length: 90 }, () => endOf(session.request(head))));
    const refused = ends.filter((code) => code === http2.constants.NGHTTP2_REFUSED_STREAM);
    expect(refused.length).toBeGreaterThan(10);
    expect(refused.length).toBeLessThan(41);
    session.destroy();
  });
});

describe('a thousand calls at once', () => {
  it.each([1, 2])('do not stop another client, over HTTP/%i', { timeout: 60_000 }, async (version) => {
    let crowdCalls = 0;
    const { port } = await listen((request, response) => {
      if (request.headers.other === undefined) crowdCalls += 1;
      // What a call costs: a part at once, more in later turns.
      work(1);
      setImmediate(() => {
        work(2);
        if (request.headers.other === undefined) response.write('begun');
        else response.end('done');
      });
    });
    const crowds = Array.from({ length: 4 }, () => connectRaw(port));
    const crowdIds = Array.from({ length: 250 }, (_, index) => 2 * index + 1);
    const call = 'GET / HTTP/1.1\r\nhost: x\r\n\r\n';
    const bytes =
      version === 1
        ? call.repeat(250)
        : Buffer.concat([opening, ...crowdIds.map((id) => headersFrame(id, head, true))]);
    const session = http2.connect(`http://127.0.0.1:${port}`);
    await endOf(session.request({ ...head, other: '1' }));
    for (const { socket } of crowds) socket.write(bytes);
    await eventually(() => expect(crowdCalls).toBeGreaterThan(0));
    const startedMeanwhile: number[] = [];
    for (let count = 0; count < 10; count++) {
      const before = crowdCalls;
      await endOf(session.request({ ...head, other: '1' }));
      startedMeanwhile.push(crowdCalls - before);
    }
    // Some turns each, with a few of the crowd in every turn: some 40. By count, as a time would be the machine's too.
    expect(Math.max(...startedMeanwhile)).toBeLessThan(200);
    for (const crowd of crowds) crowd[Symbol.dispose]();
    session.destroy();
  });
});

describe('a request over HTTP/2', () => {
  it.each([
    ['with its head', '', (stream: http2.ClientHttp2Stream) => void stream.end()],
    ['in a frame of its own, before its call starts', '', (stream: http2.ClientHttp2Stream) => void stream.end()],
    ['in a frame of its own, after its call started', '', (stream: http2.ClientHttp2Stream) => void endLater(stream)],
    ['with its body, before its call starts', 'body', (stream: http2.ClientHttp2Stream) => void stream.end('body')],
  ])('is read to its end when that arrives %s', async (how, body, end) => {
    const { port } = await listen(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      response.end(`read:${Buffer.concat(chunks)}`);
    });
    const session = http2.connect(`http://127.0.0.1:${port}`);
    const stream = session.request({ ...head, ':method': 'POST' }, { endStream: how === 'with its head' });
    end(stream);
    expect(await text(stream)).toBe(`read:${body}`);
    session.destroy();
  });
});

describe('a request that cannot be handled', () => {
  it('is answered with 500, and the next one is handled', async () => {
    const faults: unknown[] = [];
    running = await listenOnePort({
      host: '127.0.0.1',
      port: 0,
      handler: ({ url }, response) => {
        if (url === '/fault') throw new TypeError('a fault of the handler');
        response.end('handled');
      },
      onFault: (fault) => faults.push(fault),
    });
    const url = `http://127.0.0.1:${running.port}`;
    const response = await fetch(`${url}/fault`);
    expect([response.status, await response.json()]).toEqual([500, { code: 'internal', message: 'internal error' }]);
    expect(faults).toEqual([expect.any(TypeError)]);
    expect(await (await fetch(url)).text()).toBe('handled');
  });

  it.each([
    ['GET / HTTP/9.9\r\n\r\n', 400, 'invalid_argument'],
    [`GET / HTTP/1.1\r\nhost: x\r\nlong: ${'x'.repeat(40_000)}\r\n\r\n`, 431, 'resource_exhausted'],
    ['POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\nslow', 408, 'deadline_exceeded'],
  ])('by HTTP/1.1 is refused with a body that says why (%#)', async (bytes, status, code) => {
    const { port } = await listen((request) => request.resume(), { requestTimeoutMs: 300, headersTimeoutMs: 300 });
    using client = connectRaw(port);
    client.socket.write(bytes);
    await client.closed;
    const [answerHead = '', body = ''] = client.received.toString().split('\r\n\r\n');
    expect(answerHead).toMatch(new RegExp(`^HTTP/1.1 ${status} .*connection: close`, 's'));
    expect(JSON.parse(body)).toMatchObject({ code });
  });
});

describe('a port with as many calls waiting as it may have', () => {
  it('refuses the others: 503 over HTTP/1.1, REFUSED_STREAM over HTTP/2', async () => {
    const { port } = await listen((_, response) => response.end(), { startsWaitingMax: 3 });
    using client = connectRaw(port);
    client.socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(4));
    client.socket.write('GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
    await client.closed;
    expect(client.received.toString()).toContain('too many calls');
    expect(client.received.toString().match(/HTTP\/1.1 (200|503)/g)).toHaveLength(5);
    const session = http2.connect(`http://127.0.0.1:${port}`);
    const ends = await Promise.all(Array.from({ length: 20 }, () => endOf(session.request(head))));
    expect(ends).toContain(http2.constants.NGHTTP2_REFUSED_STREAM);
    session.destroy();
  });
});

function endOf(stream: http2.ClientHttp2Stream): Promise<number> {
  stream.on('error', () => {});
  stream.resume();
  return new Promise((resolve) => stream.once('close', () => resolve(stream.rstCode ?? 0)));
}

/** Uses processor time, whatever else runs on the machine. */
function work(durationMs: number): void {
  const usedMs = () => process.threadCpuUsage().user / 1_000;
  const endMs = usedMs() + durationMs;
  while (usedMs() < endMs);
}

async function endLater(stream: http2.ClientHttp2Stream): Promise<void> {
  await pause(50);
  stream.end();
}
