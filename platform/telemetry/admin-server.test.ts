import { describe, expect, it } from 'vitest';
import { startAdminServer } from './admin-server.ts';
import { createMetrics } from './metrics.ts';

async function start(state: { ready: boolean; live: boolean }) {
  const metrics = createMetrics('test', { processMetrics: true });
  const options = { host: '127.0.0.1', port: 0, metrics, ready: () => state.ready, live: () => state.live };
  const server = await startAdminServer(options);
  const get = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${server.port}${path}`, init);
  return { metrics, server, get, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

describe('startAdminServer', () => {
  it('/livez and /readyz follow the process', async () => {
    const state = { ready: false, live: true };
    await using admin = await start(state);
    expect([(await admin.get('/livez')).status, (await admin.get('/readyz')).status]).toEqual([200, 503]);
    state.ready = true;
    expect((await admin.get('/readyz')).status).toBe(200);
    state.live = false;
    expect((await admin.get('/livez?verbose')).status).toBe(503);
  });

  it('/metrics has the process and what was counted, under the service’s name', async () => {
    await using admin = await start({ ready: true, live: true });
    admin.metrics.counter({ name: 'orders_total', help: 'Orders.', labels: ['side'] }).inc({ side: 'buy' });
    const response = await admin.get('/metrics');
    const text = await response.text();
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(text).toContain('process_resident_memory_bytes');
    expect(text).toMatch(/orders_total\{side="buy",service_name="test"\} 1/);
  });

  it('/profile answers a profile of either kind, one at a time, for a bounded time', async () => {
    await using admin = await start({ ready: true, live: true });
    const take = (query: string) => admin.get(`/profile?${query}`, { method: 'POST' });
    // Which of two that come at once is the first is a matter of chance.
    const both = await Promise.all([take('kind=cpu&seconds=2'), take('kind=cpu&seconds=2')]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    const cpu = (await both.find(({ ok }) => ok)?.json()) as { nodes: unknown[]; samples: unknown[] };
    expect(cpu.nodes.length).toBeGreaterThan(0);
    const heap = (await (await take('kind=heap&seconds=1')).json()) as { head: object };
    expect(heap.head).toBeDefined();
    expect([(await take('kind=all')).status, (await take('seconds=31')).status]).toEqual([400, 400]);
    expect((await admin.get('/profile')).status).toBe(404);
  });

  it('answers nothing else', async () => {
    await using admin = await start({ ready: true, live: true });
    expect((await admin.get('/')).status).toBe(404);
    expect((await admin.get('/metrics', { method: 'POST' })).status).toBe(405);
  });

  it('rejects when the port is taken', async () => {
    await using admin = await start({ ready: true, live: true });
    const { metrics, server } = admin;
    const options = { host: '127.0.0.1', port: server.port, metrics, ready: () => true, live: () => true };
    await expect(startAdminServer(options)).rejects.toThrow(/EADDRINUSE/);
  });
});

describe('createMetrics', () => {
  it('gives the metric of a name again, and refuses a name that is another kind', () => {
    const metrics = createMetrics('test');
    const options = { name: 'queue_length', help: 'Waiting.' };
    expect(metrics.gauge(options)).toBe(metrics.gauge(options));
    expect(() => metrics.counter(options)).toThrow(TypeError);
  });

  it('a gauge may be collected at the scrape', async () => {
    const metrics = createMetrics('test');
    metrics.gauge({ name: 'backlog', help: 'Waiting.', collect: (gauge) => gauge.set(42) });
    expect(await metrics.registry.metrics()).toMatch(/backlog\{service_name="test"\} 42/);
  });
});
