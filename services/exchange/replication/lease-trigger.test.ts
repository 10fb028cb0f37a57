import { describe, expect, it } from 'vitest';
import { createLeaseTrigger } from './lease-trigger.ts';

const never = new AbortController().signal;

describe('a lease trigger', () => {
  it('ends a wait at a request, with the token of the last request that named one', async () => {
    const trigger = createLeaseTrigger();
    const waiting = trigger.wait(never);
    trigger.acquireNow(7n);
    await waiting;
    trigger.acquireNow();
    expect(trigger.replaces()).toBe(7n);
  });

  it.each([
    ['was ended by a request', (trigger: ReturnType<typeof createLeaseTrigger>) => trigger.acquireNow()],
    ['ended without one', (_: unknown, over: AbortController) => over.abort()],
  ])('remembers a request that comes while nothing waits, after a wait that %s', async (_, end) => {
    const trigger = createLeaseTrigger();
    const over = new AbortController();
    const first = trigger.wait(over.signal);
    end(trigger, over);
    await first;
    trigger.acquireNow(8n);
    await trigger.wait(never);
    expect(trigger.replaces()).toBe(8n);
  });

  it('ends only one wait for each request', async () => {
    const trigger = createLeaseTrigger();
    trigger.acquireNow();
    await trigger.wait(never);
    let hasEnded = false;
    const over = new AbortController();
    const second = trigger.wait(over.signal).then(() => {
      hasEnded = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(hasEnded).toBe(false);
    over.abort();
    await second;
  });
});
