import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenTestDatabase, openTestDatabase } from '#platform/testing/database.ts';
import { type AccountNotices, accountPayloads, announceAccounts, listenForAccounts } from './account-notices.ts';

const channel = 'test_changed';
let db: OpenTestDatabase;
let notices: AccountNotices;
beforeAll(async () => {
  db = await openTestDatabase();
  notices = await listenForAccounts(db, channel);
});
afterAll(async () => {
  await notices?.[Symbol.asyncDispose]();
  await db?.[Symbol.asyncDispose]();
});

/** Counts the notices of an account. */
function count(accountId: string): { readonly calls: number } & Disposable {
  const counted = { calls: 0 };
  const watch = notices.watch(accountId, () => {
    counted.calls += 1;
  });
  return Object.assign(counted, { [Symbol.dispose]: () => watch[Symbol.dispose]() });
}

/** Everything that was announced before on this database has been delivered when this resolves. */
async function delivered(): Promise<void> {
  using last = count('last');
  await announceAccounts(db, channel, ['last']);
  await expect.poll(() => last.calls).toBe(1);
}

describe('announceAccounts', () => {
  it('calls those who watch the accounts, on every replica, and no others', async () => {
    await using other = db.openAnother();
    await using elsewhere = await listenForAccounts(other, channel);
    let remote = 0;
    using _watch = elsewhere.watch('ann', () => {
      remote += 1;
    });
    using ann = count('ann');
    using annAgain = count('ann');
    using bob = count('bob');
    await announceAccounts(db, channel, new Set(['ann', 'eve']));
    await announceAccounts(db, 'another_channel', ['bob']);
    await delivered();
    await expect.poll(() => remote).toBe(1);
    expect([ann.calls, annAgain.calls, bob.calls]).toEqual([1, 1, 0]);
  });

  it('calls no watcher for a transaction that is rolled back', async () => {
    using ann = count('ann');
    const failing = db.transaction(async (tx) => {
      await announceAccounts(tx, channel, ['ann']);
      throw new Error('rolled back');
    });
    await expect(failing).rejects.toThrow('rolled back');
    await delivered();
    expect(ann.calls).toBe(0);
  });

  it('takes more accounts than one payload has room for, and none', async () => {
    const ids = Array.from(
      { length: 1_000 },
      (_, index) => `00000000-0000-7000-8000-${String(index).padStart(12, '0')}`,
    );
    using first = count(ids[0] ?? '');
    using last = count(ids.at(-1) ?? '');
    await announceAccounts(db, channel, ids);
    await announceAccounts(db, channel, []);
    await delivered();
    expect([first.calls, last.calls]).toEqual([1, 1]);
  });
});

describe('listenForAccounts', () => {
  it('calls every watcher when the connection was lost, and goes on', async () => {
    using ann = count('ann');
    using bob = count('bob');
    await db.breakConnections();
    await expect.poll(() => [ann.calls, bob.calls]).toEqual([1, 1]);
    await announceAccounts(db, channel, ['ann']);
    await delivered();
    expect([ann.calls, bob.calls]).toEqual([2, 1]);
  });

  it('calls no watcher that was disposed, and keeps the other one of its account', async () => {
    const gone = count('ann');
    using stays = count('ann');
    gone[Symbol.dispose]();
    gone[Symbol.dispose]();
    await announceAccounts(db, channel, ['ann']);
    await delivered();
    expect([gone.calls, stays.calls]).toEqual([0, 1]);
  });
});

describe('accountPayloads', () => {
  it('names each account once, in payloads that PostgreSQL takes', () => {
    const ids = Array.from({ length: 450 }, (_, index) => String(index));
    const payloads = accountPayloads([...ids, ...ids]);
    expect(payloads.map((payload) => payload.split(',').length)).toEqual([200, 200, 50]);
    expect(payloads.join(',')).toBe(ids.join(','));
    expect(accountPayloads([])).toEqual([]);
  });
});
