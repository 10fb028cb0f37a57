import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import http2 from 'node:http2';
import { describe, expect, inject, it } from 'vitest';
import { ExchangeService } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import { requireOrSkip } from '#platform/testing/require-or-skip.ts';
import { publicServices } from '../../gateway/index.ts';
import { readRunFile } from '../../supervisor/index.ts';
import { hasGrpcurl } from '../support/grpcurl-client.ts';

const shared = inject('sharedSystem');
const processes = readRunFile(shared.dataDirectory)?.processes ?? [];
// The simulator serves no RPC.
const servers = processes.filter(({ name }) => name !== 'simulator').map(({ name, port }) => ({ name, port }));
const services = servers.filter(({ name }) => name !== 'gateway');

function grpcurl(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync('grpcurl', ['-plaintext', ...args], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

/** What a watch of health sends first. It has no end of its own, so it is ended then, or after 20 s without a message. */
async function firstWatched(address: string): Promise<string> {
  const watch = spawn('grpcurl', ['-plaintext', '-max-time', '20', '-d', '{}', address, 'grpc.health.v1.Health/Watch']);
  const ended = once(watch, 'close');
  let sent = '';
  for await (const chunk of watch.stdout) {
    sent += String(chunk);
    if (sent.includes('}')) break;
  }
  watch.kill();
  await ended;
  return sent;
}

describe.each(servers)('grpcurl against $name', ({ port }) => {
  const address = `127.0.0.1:${port}`;

  it('lists and describes the services by reflection', (context) => {
    requireOrSkip(context, hasGrpcurl(), 'grpcurl is not installed');
    const names = grpcurl(address, 'list').trim().split('\n');
    const own = names.filter((name) => name.startsWith('outcry.'));
    expect(own.length).toBeGreaterThan(0);
    for (const name of own) expect(grpcurl(address, 'describe', name)).toContain('rpc ');
  });

  it('checks and watches health, as a whole and service by service', async (context) => {
    requireOrSkip(context, hasGrpcurl(), 'grpcurl is not installed');
    const names = grpcurl(address, 'list').trim().split('\n');
    for (const service of ['', ...names.filter((name) => name.startsWith('outcry.'))]) {
      expect(grpcurl('-d', JSON.stringify({ service }), address, 'grpc.health.v1.Health/Check')).toContain('SERVING');
    }
    expect(await firstWatched(address)).toContain('"SERVING"');
  });
});

describe.each(services)('an error of $name', ({ port }) => {
  it.each([
    ['refused for its caller', Buffer.from([0, 0, 0, 0, 0])],
    ['of bytes that are no message', Buffer.from([0, 0, 0, 0, 3, 0x0a, 0xff, 0xff])],
  ])('%s leaves as trailers-only', async (_, body) => {
    const { headers, endStream } = await firstHeaders(port, someRpc(port), body);
    expect(endStream).toBe(true);
    expect(Number(headers['grpc-status'])).toBeGreaterThan(0);
    expect(headers['grpc-status-details-bin']).toBeDefined();
  });
});

// A unary RPC that the process at the port serves.
function someRpc(port: number): string {
  const name = services.find((service) => service.port === port)?.name;
  const candidates = [...publicServices, ExchangeService].filter(({ typeName }) => typeName.split('.')[1] === name);
  const [service] = candidates;
  const method = service?.methods.find(({ methodKind }) => methodKind === 'unary');
  return `/${service?.typeName}/${method?.name}`;
}

function firstHeaders(
  port: number,
  path: string,
  body: Buffer,
): Promise<{ headers: http2.IncomingHttpHeaders; endStream: boolean }> {
  return new Promise((resolve, reject) => {
    const session = http2.connect(`http://127.0.0.1:${port}`);
    session.once('error', reject);
    const request = session.request({
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      te: 'trailers',
      authorization: 'Bearer not-a-token',
    });
    request.once('response', (headers, flags) => {
      session.destroy();
      resolve({ headers, endStream: (flags & http2.constants.NGHTTP2_FLAG_END_STREAM) !== 0 });
    });
    request.once('error', () => {});
    request.end(body);
  });
}
