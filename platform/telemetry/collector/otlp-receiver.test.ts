import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type OtlpReceiver, startOtlpReceiver } from './otlp-receiver.ts';
import type { ReceivedSpan } from './received-span.ts';

const ids = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) };
let receiver: OtlpReceiver;
let spans: ReceivedSpan[];

beforeEach(async () => {
  spans = [];
  receiver = await startOtlpReceiver({ host: '127.0.0.1', port: 0, onSpans: (more) => spans.push(...more) });
});
afterEach(() => receiver[Symbol.asyncDispose]());

const post = async (body: string, path = '/v1/traces') =>
  (await fetch(`http://127.0.0.1:${receiver.port}${path}`, { method: 'POST', body })).status;
const requestOf = (...list: unknown[]) => JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: list }] }] });

describe('startOtlpReceiver', () => {
  it('takes spans, and passes over what is none', async () => {
    const links = [{ ...ids }, null, 7];
    expect(await post(requestOf({ ...ids, name: 'a', links }, null, 'x', { ...ids, traceId: '../..' }, {}))).toBe(200);
    expect(spans).toEqual([expect.objectContaining({ ...ids, name: 'a', service: 'unknown', links: [ids] })]);
  });

  it('takes nothing from a page in a browser', async () => {
    const headers = { origin: 'https://elsewhere.example' };
    const url = `http://127.0.0.1:${receiver.port}/v1/traces`;
    expect((await fetch(url, { method: 'POST', body: requestOf({ ...ids, name: 'a' }), headers })).status).toBe(403);
    expect(spans).toEqual([]);
  });

  it('refuses what it cannot read, and goes on', async () => {
    expect(await post('{"resourceSpans":')).toBe(400);
    expect(await post(requestOf({ ...ids, name: 'x'.repeat(9 * 1_024 * 1_024) })).catch(() => 400)).toBe(400);
    expect(await post('{}', '/v1/metrics')).toBe(404);
    for (const body of ['{}', '[]', 'null', '{"resourceSpans":[[[]]]}']) expect(await post(body)).toBe(200);
    expect(spans).toEqual([]);
  });
});
