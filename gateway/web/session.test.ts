import { describe, expect, it, vi } from 'vitest';
import { CallError } from './call-error.ts';
import { createSession, type SessionChange } from './session.ts';
import type { Json } from './transport.ts';

/** Windows of one browser: they share storage, a cookie and locks, and receive what the others post. */
function createBrowser({ hasLocks = true } = {}) {
  const listeners: { window: number; listener: (event: MessageEvent) => void }[] = [];
  const clock = { nowMs: 1_000_000_000 };
  const calls: string[] = [];
  const stored = new Map<string, string>();
  let user = 'a';
  let tokenCount = 0;
  const tokens = (): Json => {
    tokenCount += 1;
    // The server's clock is an hour behind this one.
    const iat = clock.nowMs / 1_000 - 3_600;
    const claims = btoa(JSON.stringify({ iat, exp: iat + 600, number: tokenCount }));
    return { tokens: { accessToken: `head.${claims}.signature`, userId: user } };
  };
  let answer: (rpc: string) => Promise<Json> = async () => tokens();
  let queue: Promise<unknown> = Promise.resolve();
  const locks = {
    request: (_: string, run: () => Promise<unknown>) => {
      queue = queue.then(run, run);
      return queue;
    },
  } as never;
  const open = () => {
    const window = listeners.length;
    const changes: SessionChange[] = [];
    const session = createSession({
      storage: {
        getItem: (key) => stored.get(key) ?? null,
        setItem: (key, value) => void stored.set(key, value),
        removeItem: (key) => void stored.delete(key),
      },
      call: async (rpc, request, token) => {
        const name = rpc.split('/')[1] ?? '';
        calls.push(token === undefined ? name : `${name} with a token`);
        if (name === 'LogIn') user = String(request.email);
        return answer(name);
      },
      channel: {
        postMessage: (data) => {
          for (const other of listeners) if (other.window !== window) other.listener({ data } as MessageEvent);
        },
        addEventListener: (_: string, listener: never) => void listeners.push({ window, listener }),
      },
      locks: hasLocks ? locks : undefined,
      now: () => clock.nowMs,
    });
    session.onChange((change) => changes.push(change));
    return { session, changes };
  };
  const answerWith = (next?: typeof answer) => {
    answer = next ?? (async () => tokens());
  };
  return { open, clock, calls, stored, answerWith };
}

const refused = (reason: string) => new CallError({ code: 'unauthenticated', message: 'no', reason });
const away = () => Promise.reject(new CallError({ code: 'unavailable', message: 'away' }));

describe('createSession', () => {
  it('opens with a log-in, is there in the next window, and stores no token', async () => {
    const { open, stored, calls } = createBrowser();
    const { session, changes } = open();
    expect(session.isOpen()).toBe(false);
    await session.logIn('a', 'secret');
    expect(changes).toEqual(['opened']);
    const next = open().session;
    expect(next.isOpen()).toBe(true);
    expect(await next.accessToken()).toMatch(/^head\./);
    expect(calls).toEqual(['LogIn', 'RefreshSession']);
    expect([...stored]).toEqual([['outcry.session', 'open']]);
  });

  it('uses a token for most of its life, and renews it before it ends, whatever the clock says', async () => {
    const { open, clock, calls } = createBrowser();
    const { session } = open();
    await session.logIn('a', 'secret');
    const first = await session.accessToken();
    clock.nowMs += 470_000;
    expect(await session.accessToken()).toBe(first);
    clock.nowMs += 75_000;
    expect(await session.accessToken()).not.toBe(first);
    expect(calls).toEqual(['LogIn', 'RefreshSession']);
  });

  it('renews once for all windows that ask at the same time', async () => {
    const { open, clock, calls } = createBrowser();
    const [one, other] = [open().session, open().session];
    await one.logIn('a', 'secret');
    const old = await one.accessToken();
    clock.nowMs += 600_000;
    const tokens = await Promise.all([
      one.accessToken(),
      one.renewedToken(old),
      other.accessToken(),
      other.renewedToken(old),
    ]);
    expect(new Set(tokens).size).toBe(1);
    expect(await one.renewedToken(old)).toBe(tokens[0]);
    expect(calls).toEqual(['LogIn', 'RefreshSession']);
  });

  it('renews in each window where a browser has no locks, and stays open', async () => {
    const { open, clock, calls } = createBrowser({ hasLocks: false });
    const [one, other] = [open(), open()];
    await one.session.logIn('a', 'secret');
    clock.nowMs += 600_000;
    await Promise.all([one.session.accessToken(), other.session.accessToken()]);
    expect([one.changes, other.changes]).toEqual([['opened'], ['opened']]);
    expect(calls).toEqual(['LogIn', 'RefreshSession', 'RefreshSession']);
  });

  it('begins and ends in all windows', async () => {
    const { open, calls, stored } = createBrowser();
    const [one, other] = [open(), open()];
    await one.session.logIn('a', 'secret');
    one.session.logOut();
    expect([other.session.isOpen(), other.changes]).toEqual([false, ['opened', 'logged out']]);
    await vi.waitFor(() => expect(stored.size).toBe(0));
    expect(calls).toEqual(['LogIn', 'LogOut with a token']);
  });

  it('shows nothing of the former person once another has logged in in another window', async () => {
    const { open, clock } = createBrowser();
    const [one, other] = [open(), open()];
    await one.session.logIn('a', 'secret');
    await other.session.logIn('b', 'secret');
    expect(one.changes).toEqual(['opened', 'logged out', 'opened']);
    clock.nowMs += 600_000;
    expect(await one.session.accessToken()).toBe(await other.session.accessToken());
  });

  it('finishes at the next page a log-out that the server did not answer', async () => {
    const { open, stored, answerWith, calls } = createBrowser();
    const { session } = open();
    await session.logIn('a', 'secret');
    answerWith(away);
    session.logOut();
    await vi.waitFor(() => expect(calls).toHaveLength(2));
    expect([session.isOpen(), stored.get('outcry.session')]).toEqual([false, 'ending']);
    answerWith();
    expect(open().session.isOpen()).toBe(false);
    await vi.waitFor(() => expect(stored.size).toBe(0));
    expect(calls).toEqual(['LogIn', 'LogOut with a token', 'RefreshSession', 'LogOut with a token']);
  });

  it('ends when the server does not know it any more', async () => {
    const { open, clock, answerWith } = createBrowser();
    const [one, other] = [open(), open()];
    await one.session.logIn('a', 'secret');
    clock.nowMs += 600_000;
    answerWith(() => Promise.reject(refused('SESSION_ENDED')));
    await expect(one.session.accessToken()).rejects.toMatchObject({ reason: 'SESSION_ENDED' });
    expect([one.session.isOpen(), one.changes, other.changes]).toEqual([
      false,
      ['opened', 'expired'],
      ['opened', 'expired'],
    ]);
    await expect(one.session.accessToken()).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it.each([
    ['a', ['opened', 'expired', 'opened']],
    ['b', ['opened', 'expired', 'logged out', 'opened']],
  ])('keeps what was begun for who logs in again after it expired, and for no one else: %s', async (user, changes) => {
    const { open, clock, answerWith } = createBrowser();
    const [one, other] = [open(), open()];
    await one.session.logIn('a', 'secret');
    clock.nowMs += 600_000;
    answerWith(() => Promise.reject(refused('SESSION_ENDED')));
    await expect(one.session.accessToken()).rejects.toMatchObject({ reason: 'SESSION_ENDED' });
    answerWith();
    await one.session.logIn(user, 'secret');
    expect([one.changes, other.changes]).toEqual([changes, changes]);
  });

  it('lives on while the server cannot be reached', async () => {
    const { open, clock, answerWith } = createBrowser();
    const { session } = open();
    await session.logIn('a', 'secret');
    clock.nowMs += 600_000;
    answerWith(away);
    await expect(session.accessToken()).rejects.toMatchObject({ code: 'unavailable' });
    expect(session.isOpen()).toBe(true);
  });

  it('stays closed when the person logs out while it is being renewed', async () => {
    const { open, clock, answerWith } = createBrowser();
    const { session } = open();
    await session.logIn('a', 'secret');
    clock.nowMs += 600_000;
    const answered = Promise.withResolvers<Json>();
    answerWith(() => answered.promise);
    const renewal = session.accessToken();
    session.logOut();
    answered.resolve({ tokens: { accessToken: `head.${btoa('{"iat":0,"exp":600}')}.s`, userId: 'a' } });
    await expect(renewal).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(session.isOpen()).toBe(false);
  });
});
