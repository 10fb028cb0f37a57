/** h2spec, a suite of others over HTTP/2's rules, at our port and at one of plain node:http2 beside it. */
import { execFile, spawnSync } from 'node:child_process';
import { createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { requireOrSkip } from '#platform/testing/require-or-skip.ts';
import { startTestGateway } from '../testing/start-test-gateway.ts';

const isThere = spawnSync('h2spec', ['--version']).status === 0;

/** A client that opens with neither protocol gets HTTP/1.1's 400, since the port speaks that too; h2spec takes the text for a frame. */
const ofOnePort = '3.5 Sends invalid connection preface';

describe('the one port, by h2spec', () => {
  it('breaks no rule that plain node:http2 obeys', { timeout: 300_000 }, async (context) => {
    requireOrSkip(context, isThere, 'h2spec is not installed');
    await using gateway = await startTestGateway();
    const plain = createServer((request, response) => {
      request.resume();
      response.writeHead(200, { 'content-type': 'text/plain' });
      response.end('hello');
    });
    plain.on('sessionError', () => {});
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    const [ours, theirs] = await Promise.all([gateway.port, (plain.address() as AddressInfo).port].map(brokenRules));
    plain.close();
    expect(theirs?.total).toBeGreaterThan(100);
    expect(ours?.total).toBe(theirs?.total);
    expect(ours?.broken.filter((rule) => !theirs?.broken.includes(rule))).toEqual([ofOnePort]);
  });
});

type Outcome = { total: number; broken: string[] };

/** The rules that a port breaks, each by its section and text. */
async function brokenRules(port: number): Promise<Outcome> {
  const output = await new Promise<string>((resolve) => {
    execFile('h2spec', ['-h', '127.0.0.1', '-p', String(port), '-P', '/healthz'], (_, stdout) => resolve(stdout));
  });
  const broken: string[] = [];
  let section = '';
  // What failed is listed once more below this line, under the headings of its sections.
  for (const line of output.slice(output.indexOf('Failures:')).split('\n')) {
    const heading = /^\s+([\w.]+)\. \S/.exec(line);
    if (heading) section = heading[1] ?? '';
    const failed = /^\s+× \d+: (.*)$/.exec(line);
    if (failed) broken.push(`${section} ${failed[1]}`);
  }
  return { total: Number(/(\d+) tests,/.exec(output)?.[1]), broken };
}
