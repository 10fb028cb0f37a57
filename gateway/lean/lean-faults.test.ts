/** What the clock, the load or a failure decides: the same outcome with the lean handler and without it, if not the same text. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { HandAnswer } from '../testing/open-stream.ts';
import { requestOf, startTwinGateways, type TwinGateways, type Way, ways } from '../testing/twin-gateways.ts';

let gateways: TwinGateways | undefined;
afterEach(async () => {
  vi.restoreAllMocks();
  await gateways?.[Symbol.asyncDispose]();
  gateways = undefined;
});

async function start(...options: Parameters<typeof startTwinGateways>): Promise<TwinGateways> {
  gateways = await startTwinGateways(...options);
  return gateways;
}

function timeoutOf({ wire }: Way, timeoutMs: number): Record<string, string> {
  return wire.startsWith('grpc') ? { 'grpc-timeout': `${timeoutMs}m` } : { 'connect-timeout-ms': String(timeoutMs) };
}

// At a deadline one of several parts is the first to notice, each with a text of its own.
function outcomeOf({ status, headers, trailers, body }: HandAnswer) {
  const code = trailers.filter((line) => line.startsWith('grpc-status:'));
  const [name] = /grpc-status: \d+|"code":"\w+"/.exec(body.toString('latin1')) ?? [];
  const names = headers.filter((line) => !line.startsWith('content-length')).map((line) => line.split(':', 1)[0]);
  return { status, code, name, names };
}

function expectEqualOutcomes([lean, plain]: [HandAnswer, HandAnswer]): void {
  expect(outcomeOf(lean)).toEqual(outcomeOf(plain));
}

describe('the lean handler', () => {
  it('says like Connect that the order service is unavailable, and that a deadline passed', async () => {
    const { exchange, token } = await start();
    const compare = async (way: (typeof ways)[number], key: string, timeoutMs: number) => {
      expectEqualOutcomes(await exchange(requestOf(way, token, { key, headers: timeoutOf(way, timeoutMs) })));
    };
    // The token is known from here on: it is not verified while a deadline runs.
    await exchange(requestOf({ wire: 'json', httpVersion: 1 }, token, {}));
    // One after another: calls that wait for each other may be refused for the load instead.
    for (const way of ways) {
      await compare(way, 'unavailable', 5_000);
      await compare(way, 'never', 50);
      await compare(way, 'never', 1);
    }
  }, 30_000);

  it('limits the same rate', async () => {
    const { exchange, token } = await start({ callsPerSecondMax: 0.01, callsBurstMax: 3 });
    for (const way of [...ways, ...ways]) expectEqualOutcomes(await exchange(requestOf(way, token, {})));
  });

  it('says like Connect that the order service cannot be reached', async () => {
    const { exchange, token } = await start({}, { order: 'ipv4:127.0.0.1:1' });
    // The longest pauses between two tries: the last of them is after 1.25 s, where another pause would end after the deadline. A try that
    // falls on the deadline may be answered by either.
    vi.spyOn(Math, 'random').mockReturnValue(0);
    const request = requestOf({ wire: 'json', httpVersion: 1 }, token, { headers: { 'connect-timeout-ms': '1740' } });
    const [lean, plain] = await exchange(request);
    expect([lean.status, plain.status]).toEqual([503, 503]);
    expectEqualOutcomes([lean, plain]);
  });
});
