import { Code, ConnectError } from '@connectrpc/connect';
import { signal } from '@preact/signals';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const profile = signal<{ userId: string } | undefined>(undefined);
let person = new AbortController();
const taken: unknown[] = [];
const getOrder = vi.fn();
vi.mock('../frame/roles.ts', () => ({ profile }));
vi.mock('../rpc/session.ts', () => ({ personSignal: () => person.signal }));
vi.mock('../rpc/clients.ts', () => ({ orders: { getOrder } }));
vi.mock('../store/own-orders.ts', () => ({ takeOrder: (order: unknown) => taken.push(order) }));

const { intents, place, resolveStored } = await import('./intents.ts');
const order = { orderId: 'o-1' } as never;
const lost = new ConnectError('gone', Code.Unavailable);

function logIn(userId: string | undefined): void {
  person.abort();
  person = new AbortController();
  profile.value = undefined;
  if (userId !== undefined) profile.value = { userId };
}

beforeEach(() => {
  const stored = new Map<string, string>();
  vi.useFakeTimers();
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => stored.get(name) ?? null,
    setItem: (name: string, text: string) => stored.set(name, text),
  });
  taken.length = 0;
  getOrder.mockReset();
  logIn('alice');
});
afterEach(() => {
  logIn(undefined);
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const placing = (send: (key: string) => Promise<never[]>) => place({ text: 'Buy 1 ACME', isList: false, send });

describe('place', () => {
  it('repeats a call without an answer under its key, and what stops the repeat is not a refusal', async () => {
    const keys: string[] = [];
    const answers = [lost, new ConnectError('too many calls', Code.ResourceExhausted), [order]];
    const done = placing(async (key) => {
      keys.push(key);
      const answer = answers[keys.length - 1];
      if (answer instanceof Error) throw answer;
      return answer ?? [];
    });
    await vi.advanceTimersByTimeAsync(5_000);
    await done;
    expect(new Set(keys).size).toBe(1);
    expect(intents.value.map(({ state }) => state)).toEqual(['placed']);
    expect(taken).toEqual([order]);
  });

  it('sends nothing again once another person is logged in, who sees nothing of it', async () => {
    resolveStored();
    const send = vi.fn(() => Promise.reject(lost));
    const done = placing(send);
    await vi.advanceTimersByTimeAsync(500);
    expect(intents.value.map(({ state }) => state)).toEqual(['unknown']);
    logIn('bob');
    await vi.advanceTimersByTimeAsync(60_000);
    await done;
    expect(send).toHaveBeenCalledTimes(1);
    expect(intents.value).toEqual([]);
    expect(getOrder).not.toHaveBeenCalled();

    getOrder.mockResolvedValue({ order });
    logIn('alice');
    await vi.advanceTimersByTimeAsync(100);
    expect(intents.value.map(({ state }) => state)).toEqual(['placed']);
  });

  it('shows an answer that comes after a log-out to nobody else', async () => {
    const answer = Promise.withResolvers<never[]>();
    const done = placing(() => answer.promise);
    logIn('bob');
    answer.resolve([order]);
    await done;
    expect(taken).toEqual([]);
  });

  it('sends nothing that could not be found again', async () => {
    const send = vi.fn(async () => [order]);
    logIn(undefined);
    await placing(send);
    logIn('alice');
    vi.stubGlobal('localStorage', {
      getItem: () => null,
      setItem: () => {
        throw new DOMException('full', 'QuotaExceededError');
      },
    });
    await placing(send);
    expect(send).not.toHaveBeenCalled();
    expect(intents.value[0]).toMatchObject({ state: 'refused', message: expect.stringMatching(/nothing was sent/) });
  });
});
