import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { pause } from '#platform/time/pause.ts';
import { startTestGateway, type TestGateway } from '../testing/start-test-gateway.ts';

const market = 'outcry.market.v1.MarketService';

describe('reads by GET', () => {
  let gateway: TestGateway;
  let version = 1;
  let hold: Promise<void> | undefined;
  beforeAll(async () => {
    gateway = await startTestGateway(
      {
        listInstruments: async () => {
          await hold;
          return { nextPageToken: `version ${version}` };
        },
        getBalances: async () => ({ nextPageToken: `version ${version}` }),
      },
      { callsBurstMax: 50, callsPerSecondMax: 1 },
    );
  });
  afterAll(() => gateway[Symbol.asyncDispose]());
  beforeEach(() => {
    gateway.received.length = 0;
  });

  const read = (rpc: string, headers: Record<string, string> = {}, message = '{}') =>
    fetch(`${gateway.url}/${rpc}?connect=v1&encoding=json&message=${encodeURIComponent(message)}`, { headers });
  const remaining = (response: Response) => Number(response.headers.get('x-ratelimit-remaining'));

  it('are not sent again to who has them, until they change', async () => {
    const first = await read(`${market}/ListInstruments`);
    const etag = first.headers.get('etag') ?? '';
    expect([first.headers.get('cache-control'), first.headers.get('vary')]).toEqual([
      'public, no-cache',
      'Accept-Encoding',
    ]);
    expect(await first.json()).toEqual({ nextPageToken: 'version 1' });
    const same = await read(`${market}/ListInstruments`, { 'if-none-match': etag });
    expect([same.status, same.headers.get('etag'), await same.text()]).toEqual([304, etag, '']);
    expect(same.headers.get('x-request-id')).toMatch(/./);
    version = 2;
    await pause(300);
    const changed = await read(`${market}/ListInstruments`, { 'if-none-match': etag });
    expect([changed.status, await changed.json()]).toEqual([200, { nextPageToken: 'version 2' }]);
  });

  it('are asked of the market once for all who ask at once, and each counts for its caller', async () => {
    await pause(300);
    // The answer waits until all have asked: on a busy machine their connections take longer than it is shared.
    const { promise, resolve: release } = Promise.withResolvers<void>();
    hold = promise;
    const reading = Promise.all(Array.from({ length: 10 }, () => read(`${market}/ListInstruments`)));
    const asked = () => gateway.received.filter(({ method }) => method === 'ListInstruments');
    await eventually(() => expect(asked()).toHaveLength(1));
    await pause(300);
    release();
    const responses = await reading;
    expect(responses.map(({ status }) => status)).toEqual(responses.map(() => 200));
    expect(asked()).toHaveLength(1);
    expect(new Set(responses.map(remaining)).size).toBeGreaterThan(5);
  });

  it('are of their caller alone where the RPC is for users', async () => {
    const authorization = `Bearer ${await gateway.identity.userToken()}`;
    const rpc = 'outcry.ledger.v1.LedgerService/GetBalances';
    const first = await read(rpc, { authorization });
    expect(first.headers.get('cache-control')).toBe('private, no-cache');
    expect(first.headers.get('vary')).toContain('Authorization');
    const etag = first.headers.get('etag') ?? '';
    expect((await read(rpc, { authorization, 'if-none-match': etag })).status).toBe(304);
    expect((await read(rpc, { 'if-none-match': etag })).status).toBe(401);
    expect(gateway.received.filter(({ method }) => method === 'GetBalances')).toHaveLength(2);
  });

  it('are refused as before, and a refusal is not stored', async () => {
    const wrong = await read(`${market}/ListInstruments`, {}, '{"noField":1}');
    expect([wrong.status, wrong.headers.get('etag'), wrong.headers.get('cache-control')]).toEqual([400, null, null]);
    const bad = await read(`${market}/ListInstruments`, { authorization: 'Bearer x' });
    expect([bad.status, bad.headers.get('etag')]).toEqual([401, null]);
    let last = await read(`${market}/ListInstruments`);
    for (let calls = 0; calls < 60 && last.status !== 429; calls += 1) last = await read(`${market}/ListInstruments`);
    expect([last.status, last.headers.get('retry-after')]).toEqual([429, '1']);
  });
});
