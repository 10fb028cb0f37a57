import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '#platform/postgres/sql.ts';
import { eventually } from '#platform/testing/eventually.ts';
import {
  createJournalDatabase,
  exercise,
  type JournalDatabase,
  silentLogger,
  startTestTerm,
} from '../testing/terms.ts';
import { Follower } from './follower.ts';

let journal: JournalDatabase;

beforeEach(async () => {
  journal = await createJournalDatabase();
  const term = await startTestTerm(journal.db);
  await exercise(term, 20);
  term.stop('the test stops it');
});

afterEach(async () => {
  await journal[Symbol.asyncDispose]();
});

describe('a follower', () => {
  it('whose engine is taken during a read can be started, built and taken again', async () => {
    const { db, holdNext } = holdable(journal.db);
    let builtCount = 0;
    const onBuilt = () => void builtCount++;
    const onFault = () => {};
    await using follower = new Follower({ db, shard: 0, pollMs: 1, onBuilt, onFault, logger: silentLogger });
    follower.start();
    await eventually(() => expect(follower.isBuilt).toBe(true));
    const { groupNumber } = follower.progress();
    const read = holdNext();
    await read.isHeld;
    const taking = follower.take();
    await eventually(() => expect(follower.isBuilt).toBe(false));
    read.release();
    const taken = await taking;
    expect([follower.isBuilt, follower.isRunning, builtCount]).toEqual([false, false, 1]);
    follower.start(taken);
    await eventually(() => expect(builtCount).toBe(2));
    expect((await follower.take()).groupNumber).toBe(groupNumber);
  });
});

/** A database whose next statement can be held up before it is sent. */
function holdable(inner: Database) {
  let gate: { reached: () => void; open: Promise<void> } | undefined;
  const query: Database['query'] = async (...args) => {
    const held = gate;
    gate = undefined;
    held?.reached();
    await held?.open;
    return inner.query(...args);
  };
  return {
    db: { ...inner, query } as Database,
    holdNext: () => {
      const { promise: isHeld, resolve: reached } = Promise.withResolvers<void>();
      const { promise: open, resolve: release } = Promise.withResolvers<void>();
      gate = { reached, open };
      return { isHeld, release };
    },
  };
}
