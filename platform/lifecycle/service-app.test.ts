import { afterEach, describe, expect, it, vi } from 'vitest';
import { createTestApp } from '#platform/testing/service-app.ts';

import { shutdownMsMax } from './service-app.ts';

const disposable = (dispose: () => Promise<void>): AsyncDisposable => ({ [Symbol.asyncDispose]: dispose });

afterEach(() => void vi.useRealTimers());

describe('createServiceApp', () => {
  it('drains before it disposes, and disposes the last first', async () => {
    const app = createTestApp('order');
    const steps: string[] = [];
    app.onDispose(disposable(async () => void steps.push('database')));
    app.onDispose(disposable(async () => void steps.push('server')));
    app.onDrain(async () => {
      expect(app.signal.aborted).toBe(true);
      expect(app.health.check('')).toBe('not_serving');
      steps.push('drain');
    });
    app.ready();
    expect(app.health.check('')).toBe('serving');
    expect(await app.shutdown()).toEqual({ clean: true });
    expect(steps).toEqual(['drain', 'server', 'database']);
  });

  it('passes over a step that fails, and says that the end was not clean', async () => {
    const app = createTestApp('order');
    const disposed: string[] = [];
    app.onDispose(disposable(async () => void disposed.push('database')));
    app.onDispose(disposable(() => Promise.reject(new Error('broken'))));
    expect(await app.shutdown()).toEqual({ clean: false });
    expect(disposed).toEqual(['database']);
  });

  it('ends in time however many resources hang, and disposes those after them', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const app = createTestApp('order');
    const disposed: string[] = [];
    app.onDispose(disposable(async () => void disposed.push('database')));
    for (let count = 0; count < 5; count += 1) app.onDispose(disposable(() => new Promise(() => {})));
    app.onDrain(() => new Promise(() => {}));
    let result: { clean: boolean } | undefined;
    void app.shutdown().then((ended) => (result = ended));
    await vi.advanceTimersByTimeAsync(shutdownMsMax + 1_000);
    expect(result).toEqual({ clean: false });
    expect(disposed).toEqual(['database']);
  });

  it('ends once, however often it is asked to', async () => {
    const app = createTestApp('order');
    const disposed: string[] = [];
    app.onDispose(disposable(async () => void disposed.push('database')));
    await Promise.all([app.shutdown(), app.shutdown(), app[Symbol.asyncDispose]()]);
    expect(disposed).toEqual(['database']);
  });
});
