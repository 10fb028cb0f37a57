import { describe, expect, it, vi } from 'vitest';
import { CallError } from './call-error.ts';
import { createSession, type SessionChange } from './session.ts';
import type { Json } from './transport.ts';

/** Tabs of one browser; each has its own storage and receives what the others post. */
function createBrowser() {
  const listeners: { tab: number; listener: (event: MessageEvent) => void }[] = [];
  const clock = { nowMs: 1_000_000_000 };
  const calls: string[] = [];
  const device = new Map<string, string>();
  let tokenCount = 0;
  let answer: (rpc: string, request: Json) => Promise<Json> = async () => {
    tokenCount += 1;
    // The server's clock is an hour behind this one.
    const iat = clock.nowMs / 1_000 - 3_600;
    const claims = btoa(JSON.stringify({ iat, exp: iat + 600, number: tokenCount }));
    return { tokens: { accessToken: `head.${claims}.signature`, refreshToken: `refresh-${tokenCount}` } };
  };
  const openTab = (copyOf?: Map<string, string>) => {
    const tab = listeners.length;
    const stored = new Map(copyOf);
    const changes: SessionChange[] = [];
    const session = createSession({
      storage: {
        getItem: (key) => stored.get(key) ?? null,
        setItem: (key, value) => void stored.set(key, value),
        removeItem: (key) => void stored.delete(key),
      },
      deviceStorage: {
        getItem: (key) => device.get(key) ?? null,
        setItem: (key, value) => void device.set(key, value),
      },
      call: async (rpc, request) => {
        calls.push(`${rpc.split('/')[1]} ${request.refreshToken ?? request.knownDeviceToken ?? ''}`.trim());
        return answer(rpc, request);
      },
      channel: {
        postMessage: (data) => {
          for (const other of listeners) if (other.tab !== tab) other.listener({ data } as MessageEvent);
        },
        addEventListener: (_: string, listener: never) => void listeners.push({ tab, listener }),
      },
      now: () => clock.nowMs,
    });
    session.onChange((change) => changes.push(change));
    return { session, stored, changes };
  };
  const answerWith = (next: typeof answer) => {
    answer = next;
  };
  return { openTab, clock, calls, device, answerWith };
}

const refused = (reason: string) => new CallError({ code: 'unauthenticated', message: 'no', reason });

describe('createSession', () => {
  it('opens with a log-in and is there again after the page was loaded anew', async () => {
    const { openTab } = createBrowser();
    const { session, stored, changes } = openTab();
    expect(session.isOpen()).toBe(false);
    await session.logIn('a@example.com', 'secret');
    expect(changes).toEqual(['opened']);
    expect(openTab(stored).session.isOpen()).toBe(true);
  });

  it('uses a token for most of its life, and renews it before it ends, whatever the clock says', async () => {
    const { openTab, clock, calls } = createBrowser();
    const { session } = openTab();
    await session.logIn('a@example.com', 'secret');
    const first = await session.accessToken();
    clock.nowMs += 470_000;
    expect(await session.accessToken()).toBe(first);
    clock.nowMs += 75_000;
    expect(await session.accessToken()).not.toBe(first);
    expect(calls).toEqual(['LogIn', 'RefreshSession refresh-1']);
  });

  it('renews once for all who ask at the same time, as a refresh token works once', async () => {
    const { openTab, clock, calls } = createBrowser();
    const { session } = openTab();
    await session.logIn('a@example.com', 'secret');
    const old = await session.accessToken();
    clock.nowMs += 600_000;
    const tokens = await Promise.all([session.accessToken(), session.accessToken(), session.renewedToken(old)]);
    expect(new Set(tokens).size).toBe(1);
    expect(await session.renewedToken(old)).toBe(tokens[0]);
    expect(calls).toEqual(['LogIn', 'RefreshSession refresh-1']);
  });

  it('gives new tokens to a duplicate of the tab, and ends it too', async () => {
    const { openTab, clock, calls } = createBrowser();
    const { session, stored } = openTab();
    await session.logIn('a@example.com', 'secret');
    const duplicate = openTab(stored);
    const stranger = openTab();
    await stranger.session.logIn('b@example.com', 'secret');
    clock.nowMs += 600_000;
    const renewed = await session.accessToken();
    expect(await duplicate.session.accessToken()).toBe(renewed);
    session.logOut();
    expect([duplicate.session.isOpen(), duplicate.changes]).toEqual([false, ['logged out']]);
    expect(stranger.session.isOpen()).toBe(true);
    expect(calls).toEqual(['LogIn', 'LogIn', 'RefreshSession refresh-1', 'LogOut']);
  });

  it('shows at the next log-in that the device is known, by a token that is spent', async () => {
    const { openTab, clock, calls, device, answerWith } = createBrowser();
    const first = openTab().session;
    await first.logIn('a@example.com', 'secret');
    await openTab().session.logIn('a@example.com', 'secret');
    clock.nowMs += 600_000;
    await first.accessToken();
    const second = openTab().session;
    await second.logIn('a@example.com', 'secret');
    first.logOut();
    await vi.waitFor(() => expect([...device.values()]).toEqual(['refresh-3']));
    await openTab().session.logIn('a@example.com', 'secret');
    expect(calls).toEqual([
      'LogIn',
      'LogIn',
      'RefreshSession refresh-1',
      'LogIn refresh-1',
      'LogOut',
      'LogIn refresh-3',
    ]);
    answerWith(() => Promise.reject(new CallError({ code: 'unavailable', message: 'away' })));
    second.logOut();
    await expect(openTab().session.logIn('a@example.com', 'secret')).rejects.toBeDefined();
    expect(calls.at(-1)).toBe('LogIn refresh-3');
  });

  it('ends when the server does not know it any more', async () => {
    const { openTab, clock, answerWith } = createBrowser();
    const { session, changes } = openTab();
    await session.logIn('a@example.com', 'secret');
    clock.nowMs += 600_000;
    answerWith(() => Promise.reject(refused('SESSION_ENDED')));
    await expect(session.accessToken()).rejects.toMatchObject({ reason: 'SESSION_ENDED' });
    expect([session.isOpen(), changes]).toEqual([false, ['opened', 'expired']]);
    await expect(session.accessToken()).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it('lives on while the server cannot be reached', async () => {
    const { openTab, clock, answerWith } = createBrowser();
    const { session } = openTab();
    await session.logIn('a@example.com', 'secret');
    clock.nowMs += 600_000;
    answerWith(() => Promise.reject(new CallError({ code: 'unavailable', message: 'away' })));
    await expect(session.accessToken()).rejects.toMatchObject({ code: 'unavailable' });
    expect(session.isOpen()).toBe(true);
  });

  it('stays closed when the person logs out while it is being renewed', async () => {
    const { openTab, clock, answerWith } = createBrowser();
    const { session } = openTab();
    await session.logIn('a@example.com', 'secret');
    clock.nowMs += 600_000;
    const answered = Promise.withResolvers<Json>();
    answerWith(() => answered.promise);
    const renewal = session.accessToken();
    session.logOut();
    answered.resolve({ tokens: { accessToken: `head.${btoa('{"iat":0,"exp":600}')}.s`, refreshToken: 'refresh-2' } });
    await expect(renewal).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(session.isOpen()).toBe(false);
  });
});
