import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OtlpReceiver, startOtlpReceiver } from '#platform/telemetry/collector/otlp-receiver.ts';
import { serveTraces } from './trace-page.ts';
import { createTraceStore } from './trace-store.ts';

const store = createTraceStore();
const traceId = 'a'.repeat(32);
let receiver: OtlpReceiver;
beforeAll(async () => {
  const onSpans = store.add;
  receiver = await startOtlpReceiver({ host: '127.0.0.1', port: 0, onSpans, other: serveTraces(store) });
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'order' } }] };
  const times = { startTimeUnixNano: '1000000000', endTimeUnixNano: '1005000000' };
  const base = { traceId, ...times };
  const spans = [
    { ...base, spanId: '1'.repeat(16), name: '<script>alert(1)</script>', status: { code: 2 } },
    // It claims to be its own parent's parent.
    { ...base, spanId: '1'.repeat(16), parentSpanId: '1'.repeat(16), name: 'below' },
  ];
  const body = JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans }] }] });
  expect((await fetch(`${url()}/v1/traces`, { method: 'POST', body })).status).toBe(200);
});
afterAll(() => receiver?.[Symbol.asyncDispose]());
const url = () => `http://127.0.0.1:${receiver.port}`;
const get = async (path: string) => {
  const answer = await fetch(url() + path);
  return { status: answer.status, text: await answer.text() };
};

describe('serveTraces', () => {
  it('shows the list and each trace, with what spans say as text only', async () => {
    const list = await get('/traces');
    expect(list).toMatchObject({ status: 200, text: expect.stringContaining(`/traces/${traceId}`) });
    const trace = await get(`/traces/${traceId}`);
    expect(trace).toMatchObject({ status: 200, text: expect.stringContaining('order below') });
    for (const { text } of [list, trace]) expect(text).not.toContain('<script');
    expect(JSON.parse((await get(`/traces/${traceId}.json`)).text)).toHaveLength(2);
    expect(JSON.parse((await get('/traces.json')).text)).toMatchObject([{ traceId, durationMs: 5, hasFault: true }]);
  });

  it('answers 404 for what is not there, 405 for other methods and 403 under another name', async () => {
    expect((await get(`/traces/${'c'.repeat(32)}`)).status).toBe(404);
    expect((await get('/traces/../etc')).status).toBe(404);
    expect((await get('/metrics')).status).toBe(404);
    expect((await fetch(`${url()}/traces`, { method: 'DELETE' })).status).toBe(405);
    const status = await new Promise((resolve, reject) => {
      const sent = request(`${url()}/traces`, { headers: { host: 'evil.example' } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      sent.on('error', reject).end();
    });
    expect(status).toBe(403);
  });
});
