import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { OutcryError } from '#platform/errors/outcry-error.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { pause } from '#platform/time/pause.ts';
import { checksumOf, type JournalGroup } from '../journal/journal-group.ts';
import { appendGroup } from '../store/append-group.ts';
import { readGroup } from '../store/read-group.ts';
import { readGroupsAfter } from '../store/read-groups-after.ts';
import { takeOver } from '../store/take-over.ts';
import { createJournalDatabase, type JournalDatabase, silentLogger, testReplica } from '../testing/terms.ts';
import { commitGroup } from './commit-group.ts';
import { FencedError } from './errors.ts';

let journal: JournalDatabase;
let shard = 0;
let token = 0n;
const options = { signal: new AbortController().signal, logger: silentLogger };

beforeAll(async () => {
  journal = await createJournalDatabase();
});

afterAll(async () => {
  await journal[Symbol.asyncDispose]();
});

beforeEach(async () => {
  shard++;
  ({ token } = await takeOver(journal.db, shard, testReplica));
});

function groupOf(groupNumber: number, text = 'x'): JournalGroup {
  const [commands, events] = [Buffer.from(`commands ${text}`), Buffer.from(`events ${text}`)];
  const numbers = { shard, groupNumber, firstSequence: groupNumber, lastSequence: groupNumber, timeMs: 5, token };
  const group = { ...numbers, commands, events, stateHash: '00112233aabbccdd' };
  return { ...group, checksum: checksumOf(group, 0) };
}

/** A database whose next append fails for the caller: before it happened, or after. */
function failingOnce(when: 'before' | 'after'): Sql {
  let failed = false;
  return {
    async query(text, values) {
      const fails = !failed && text.includes('INSERT INTO journal');
      failed ||= fails;
      if (fails && when === 'before')
        throw new OutcryError(Code.UNAVAILABLE, ErrorReason.DEPENDENCY_UNAVAILABLE, 'the connection broke');
      const result = await journal.db.query<never>(text, values);
      if (fails) throw new OutcryError(Code.UNAVAILABLE, ErrorReason.DEPENDENCY_UNAVAILABLE, 'the connection broke');
      return result;
    },
  };
}

describe('commitGroup', () => {
  it('stores every byte of a group', async () => {
    const group = groupOf(1);
    await commitGroup(journal.db, group, options);
    const found = await readGroup(journal.db, shard, 1);
    expect(found).toEqual({ ...group, commands: Buffer.from(group.commands), events: Buffer.from(group.events) });
  });

  it.each(['before', 'after'] as const)(
    'writes a group once when the connection breaks %s the commit',
    async (when) => {
      await commitGroup(failingOnce(when), groupOf(1), options);
      expect(await readGroupsAfter(journal.db, shard, 0)).toHaveLength(1);
    },
  );

  it('is refused after a takeover', async () => {
    const late = groupOf(1);
    await takeOver(journal.db, shard, testReplica);
    await expect(commitGroup(journal.db, late, options)).rejects.toThrow(FencedError);
    expect(await readGroupsAfter(journal.db, shard, 0)).toHaveLength(0);
  });

  it('steps down when another leader wrote the group', async () => {
    const late = groupOf(1, 'mine');
    const other = await takeOver(journal.db, shard, testReplica);
    await appendGroup(journal.db, { ...groupOf(1, 'theirs'), token: other.token });
    const broken = commitGroup(failingOnce('before'), late, options);
    await expect(broken).rejects.toThrow(FencedError);
  });
});

/** A database whose every append fails at once with an SQLSTATE; counts them. */
function refusing(code: string): Sql & { appends: number } {
  const refused: Sql & { appends: number } = {
    appends: 0,
    async query(text, values) {
      if (!text.includes('INSERT INTO journal')) return journal.db.query(text, values);
      refused.appends++;
      throw Object.assign(new Error('refused'), { code });
    },
  };
  return refused;
}

describe('commitGroup on a database that refuses', () => {
  it.each(['53100', '25006'])('tries at a pace, and goes on once %s is over', async (code) => {
    const stop = new AbortController();
    const full = refusing(code);
    const committed = commitGroup(full, groupOf(1), { ...options, signal: stop.signal });
    await pause(1_000);
    // Without a pause there were thousands; the pauses before the eighth attempt alone add up to more than a second.
    expect(full.appends).toBeLessThan(10);
    await eventually(() => expect(full.appends).toBeGreaterThan(1));
    full.query = (text, values) => journal.db.query(text, values);
    await committed;
    expect(await readGroupsAfter(journal.db, shard, 0)).toHaveLength(1);
  });

  it('ends with the term while it pauses', async () => {
    const stop = new AbortController();
    const committed = commitGroup(refusing('53100'), groupOf(1), { ...options, signal: stop.signal });
    stop.abort(new Error('the term ended'));
    await expect(committed).rejects.toThrow('the term ended');
  });

  it('does not repeat what repeating cannot mend', async () => {
    const forbidden = refusing('42501');
    await expect(commitGroup(forbidden, groupOf(1), options)).rejects.toThrow('refused');
    expect(forbidden.appends).toBe(1);
  });
});

describe('appendGroup', () => {
  it('waits for a takeover that is not committed yet, and then writes nothing', async () => {
    const late = groupOf(1);
    let appended: Promise<boolean> | undefined;
    await journal.db.transaction(async (tx) => {
      await tx.query('UPDATE shard SET token = token + 1 WHERE id = $1', [shard]);
      appended = appendGroup(journal.db, late);
      const early = await Promise.race([appended, pause(200).then(() => 'waits')]);
      expect(early).toBe('waits');
    });
    expect(await appended).toBe(false);
    expect(await readGroupsAfter(journal.db, shard, 0)).toHaveLength(0);
  });

  it('makes a takeover wait for it, so that the new leader reads it', async () => {
    for (let round = 1; round <= 20; round++) {
      const group = { ...groupOf(round), token };
      const [inserted, tenure] = await Promise.all([
        appendGroup(journal.db, group),
        takeOver(journal.db, shard, testReplica),
      ]);
      const found = await readGroup(journal.db, shard, round);
      expect(found !== undefined).toBe(inserted);
      if (!inserted) await appendGroup(journal.db, { ...group, token: tenure.token });
      token = tenure.token;
    }
  });
});
