import { spawn } from 'node:child_process';
import { describe, expect, inject, it } from 'vitest';

const { gatewayUrl } = inject('sharedSystem');
const method = 'outcry.market.v1.MarketService/StreamQuotes';
const quotesMin = 3;

/** Streams quotes with buf curl until three have come, or it has ended; resolves to what it printed. */
async function streamQuotes(args: readonly string[]): Promise<string> {
  const request = ['--schema', 'proto', '-d', '{"symbols": ["ACME", "BOLT"]}', `${gatewayUrl}/${method}`];
  // A group of its own: the program is started by a script, which does not pass a signal on.
  const child = spawn('buf', ['curl', ...args, ...request], { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let output = '';
  let isEnding = false;
  const read = (chunk: Buffer) => {
    output += chunk.toString('utf8');
    if (isEnding || countQuotes(output) < quotesMin || child.pid === undefined) return;
    isEnding = true;
    process.kill(-child.pid);
  };
  child.stdout.on('data', read);
  child.stderr.on('data', read);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => resolve(output));
  });
}

function countQuotes(output: string): number {
  return output.split('"quote"').length - 1;
}

describe('buf curl streams quotes from the gateway', () => {
  it.each([
    ['by Connect over HTTP/1.1', ['--protocol', 'connect']],
    ['by Connect over HTTP/2', ['--protocol', 'connect', '--http2-prior-knowledge']],
    ['by gRPC', ['--protocol', 'grpc', '--http2-prior-knowledge']],
    ['by gRPC-web over HTTP/1.1', ['--protocol', 'grpcweb']],
    ['by gRPC-web over HTTP/2', ['--protocol', 'grpcweb', '--http2-prior-knowledge']],
  ])('%s', { timeout: 60_000 }, async (_name, args) => {
    const output = await streamQuotes(args);
    expect(countQuotes(output), output).toBeGreaterThanOrEqual(quotesMin);
  });
});
