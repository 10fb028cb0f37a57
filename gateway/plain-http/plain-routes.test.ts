import { afterEach, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { ConfirmPaymentRequest } from '#gen/outcry/ledger/v1/internal_pb.ts';
import { ExportedTable, type ExportTableRequest } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { invalidArgument, outOfRange } from '#platform/errors/outcry-error.ts';
import { pause } from '#platform/time/pause.ts';
import { type Fakes, startTestGateway, type TestGateway } from '../testing/start-test-gateway.ts';

let running: TestGateway | undefined;
afterEach(async () => {
  await running?.[Symbol.asyncDispose]();
  running = undefined;
});

async function start(...options: Parameters<typeof startTestGateway>): Promise<TestGateway> {
  running = await startTestGateway(...options);
  return running;
}

const callbackPath = '/webhooks/payments/bank';

function post(url: string, body: string | Uint8Array, headers: Record<string, string> = {}) {
  return fetch(url + callbackPath, { method: 'POST', body: Buffer.from(body), headers });
}

describe('callbacks of payment providers', () => {
  it('reach the ledger byte by byte, with what may carry a signature and no token, and are answered after it', async () => {
    let isCommitted = false;
    const { url, received } = await start({
      confirmPayment: async () => {
        await new Promise((resolve) => setImmediate(resolve));
        isCommitted = true;
        return {};
      },
    });
    const body = new Uint8Array([123, 0, 255, 13, 10, 125]);
    const headers = { 'Outcry-Signature': 't=1,v1=aa', 'webhook-id': '7', authorization: 'Bearer x', cookie: 'a=b' };
    const answer = await post(url, body, headers);
    expect([answer.status, isCommitted]).toEqual([204, true]);
    const request = received.find(({ method }) => method === 'ConfirmPayment')?.request as ConfirmPaymentRequest;
    expect(request).toMatchObject({
      provider: 'bank',
      headers: { 'outcry-signature': 't=1,v1=aa', 'webhook-id': '7' },
    });
    expect(Object.keys(request.headers)).toHaveLength(2);
    expect(new Uint8Array(request.body)).toEqual(body);
  });

  it('are refused when the ledger refuses them, without anything internal', async () => {
    const fails: Record<string, unknown> = {
      400: invalidArgument('body', 'is not a callback that is taken here'),
      500: new Error('relation "payment_event" does not exist'),
    };
    for (const [status, error] of Object.entries(fails)) {
      const confirmPayment = async () => {
        throw error;
      };
      await using gateway = await startTestGateway({ confirmPayment });
      const answer = await post(gateway.url, '{}');
      expect(answer.status).toBe(Number(status));
      expect(await answer.text()).not.toContain('relation');
    }
  });

  it('are refused when they are long, when there are too many, and by any other method', async () => {
    const { url, received } = await start({}, { callsPerSecondMax: 0.01, callsBurstMax: 3 });
    expect((await post(url, 'x'.repeat(64 * 1_024 + 1))).status).toBe(413);
    expect((await post(url, 'x'.repeat(64 * 1_024))).status).toBe(204);
    expect((await post(url, '{}')).status).toBe(204);
    const refused = await post(url, '{}');
    expect(refused.status).toBe(429);
    // A call comes back in 100 s, less the time that the others took.
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(40);
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(100);
    const read = await fetch(url + callbackPath);
    expect([read.status, read.headers.get('allow')]).toEqual([405, 'POST']);
    expect(received.filter(({ method }) => method === 'ConfirmPayment')).toHaveLength(2);
  });
});

describe('tables as CSV', () => {
  const twoParts: Fakes = {
    async *exportTable() {
      yield { csv: '"a","b"\r\n' };
      yield { csv: '1,"2"\r\n' };
    },
  };

  it('are sent as a file to their owner', async () => {
    const { url, identity, received } = await start(twoParts);
    const headers = { authorization: `Bearer ${await identity.userToken()}` };
    const answer = await fetch(`${url}/exports/statement.csv?account_id=one`, { headers });
    expect(answer.headers.get('content-type')).toContain('text/csv');
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="statement.csv"');
    expect(answer.headers.get('x-ratelimit-limit')).toBe('1000');
    expect(await answer.text()).toBe('"a","b"\r\n1,"2"\r\n');
    const request = received.find(({ method }) => method === 'ExportTable')?.request as ExportTableRequest;
    expect(request).toMatchObject({ accountId: 'one', table: ExportedTable.STATEMENT });
    expect((await fetch(`${url}/exports/transfers.csv`, { headers })).status).toBe(200);
    expect((await fetch(`${url}/exports/orders.csv`, { headers })).status).toBe(404);
  });

  it('are refused without a token, before the ledger hears of it', async () => {
    const { url, received } = await start(twoParts);
    const answer = await fetch(`${url}/exports/statement.csv`);
    expect([answer.status, await answer.json()]).toEqual([401, expect.objectContaining({ code: 'unauthenticated' })]);
    expect((await fetch(`${url}/exports/statement.csv`, { method: 'POST' })).status).toBe(405);
    expect(received.filter(({ method }) => method === 'ExportTable')).toEqual([]);
  });

  it('break off when they cannot be completed, so that a part is not taken for the whole', async () => {
    const { url, identity } = await start({
      async *exportTable() {
        yield { csv: '"a"\r\n' };
        throw outOfRange(ErrorReason.INVALID_FIELD, 'too many rows');
      },
    });
    const headers = { authorization: `Bearer ${await identity.userToken()}` };
    const answer = await fetch(`${url}/exports/statement.csv`, { headers });
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow();
  });

  it('are read from the ledger no faster than the client takes them', async () => {
    let sent = 0;
    const part = 'x'.repeat(60_000);
    const { url, identity } = await start({
      async *exportTable() {
        for (; sent < 2_000; sent += 1) yield { csv: part };
      },
    });
    const left = new AbortController();
    const headers = { authorization: `Bearer ${await identity.userToken()}` };
    const answer = await fetch(`${url}/exports/statement.csv`, { headers, signal: left.signal });
    expect(answer.status).toBe(200);
    const before = await untilStill(() => sent);
    expect(before).toBeLessThan(1_500);
    left.abort();
  });
});

/** The value once it has not changed for a while. */
async function untilStill(read: () => number): Promise<number> {
  for (let last = -1; ; ) {
    const value = read();
    if (value === last) return value;
    last = value;
    await pause(300);
  }
}
