/** h2spec, a suite of others over HTTP/2's rules, at our port and at one of plain node:http2 beside it. */
import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { requireOrSkip } from '#platform/testing/require-or-skip.ts';
import { pause } from '#platform/time/pause.ts';
import { startTestGateway } from '../testing/start-test-gateway.ts';

const isThere = spawnSync('h2spec', ['--version']).status === 0;

/** A client that opens with neither protocol gets HTTP/1.1's 400, since the port speaks that too; h2spec takes the text for a frame. */
const ofOnePort = 'http2/3.5 Sends invalid connection preface';

/** What is answered late, so that streams are open when h2spec's next frame arrives: those of a closed one are ignored. */
const path = '/outcry.market.v1.MarketService/GetClock?connect=v1&encoding=json&message=%7B%7D';
const answerLate = () => pause(100);

describe('the one port, by h2spec', () => {
  it('breaks no rule that plain node:http2 obeys', { timeout: 300_000 }, async (context) => {
    requireOrSkip(context, isThere, 'h2spec is not installed');
    const getClock = async () => {
      await answerLate();
      return {};
    };
    await using gateway = await startTestGateway({ getClock });
    const plain = createServer(async (request, response) => {
      request.resume();
      await answerLate();
      response.writeHead(200, { 'content-type': 'text/plain' });
      response.end('hello');
    });
    plain.on('sessionError', () => {});
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    const address = plain.address() as AddressInfo;
    // It waits this long for what does not come, such as at each rule that node:http2 breaks.
    const theirs = await tryRules(address.port, { timeoutSeconds: 2 });
    plain.close();
    const obeyed = theirs.filter(({ isBroken }) => !isBroken);
    expect(obeyed.length).toBeGreaterThan(100);
    // What remains is answered at once, unless the machine stands still.
    const ours = await tryRules(gateway.port, { timeoutSeconds: 15, rules: obeyed.map(({ number }) => number) });
    expect(namesOf(ours)).toEqual(namesOf(obeyed));
    const broken = namesOf(ours.filter(({ isBroken }) => isBroken));
    expect(broken).toEqual(namesOf(obeyed).filter((name) => name === ofOnePort));
  });
});

/** A rule: its number in a run of all, and its section with its text. */
type Outcome = { number: string; name: string; isBroken: boolean };

const namesOf = (outcomes: readonly Outcome[]) => outcomes.map(({ name }) => name);

/** How the port does by the rules of these numbers, by default by all. */
async function tryRules(port: number, options: { timeoutSeconds: number; rules?: string[] }): Promise<Outcome[]> {
  const { timeoutSeconds, rules = [] } = options;
  const folder = await mkdtemp(join(tmpdir(), 'outcry-h2spec-'));
  const report = join(folder, 'report.xml');
  const flags = ['-h', '127.0.0.1', '-p', String(port), '-P', path, '-o', String(timeoutSeconds), '-j', report];
  await new Promise<void>((resolve) => execFile('h2spec', [...flags, ...rules], () => resolve()));
  const text = await readFile(report, 'utf8');
  await rm(folder, { recursive: true });
  const counts = new Map<string, number>();
  const cases = text.matchAll(/<testcase package="([^"]+)" classname="([^"]+)"[^>]*>(.*?)<\/testcase>/gs);
  return [...cases].map(([, section = '', title, content = '']) => {
    const count = (counts.get(section) ?? 0) + 1;
    counts.set(section, count);
    const isBroken = /<(error|failure)/.test(content);
    return { number: `${section}/${count}`, name: `${section} ${title}`, isBroken };
  });
}
