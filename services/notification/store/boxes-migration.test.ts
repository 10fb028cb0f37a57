import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { migrate } from '#platform/postgres/migrate.ts';
import { type OpenTestDatabase, openTestDatabase } from '#platform/testing/database.ts';
import { messagesOf } from '../testing/stored-messages.ts';
import { insertMessages } from './insert-messages.ts';
import { markRead } from './mark-read.ts';
import { readBox, readBoxChanges } from './read-box.ts';

const migrations = new URL('./migrations/', import.meta.url);

let db: OpenTestDatabase;
let folder: string;

beforeAll(async () => {
  db = await openTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'outcry-migrations-'));
  for (const file of await readdir(migrations)) {
    if (file < '0005') await cp(new URL(file, migrations), join(folder, file));
  }
  await migrate(db, folder);
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await db[Symbol.asyncDispose]();
});

describe('migration 0005-changes-of-a-box', () => {
  it('has the messages of before in the snapshot, and their marks among the changes', async () => {
    const accountId = uuidV7();
    const messageId = uuidV7();
    await db.query(
      `INSERT INTO message (message_id, fact_id, account_id, kind, subject, text, create_time)
       VALUES ($1, $2, $3, 'transfer', 'old', '', now())`,
      [messageId, uuidV7(), accountId],
    );
    await migrate(db, migrations);
    const before = await readBox(db, accountId, 10);
    expect(before).toMatchObject({ head: 0n, unreadCount: 1, messages: [{ subject: 'old' }] });
    await insertMessages(db, messagesOf(accountId, ['new']));
    await markRead(db, { accountId, messageId, nowMs: Date.now() });
    await markRead(db, { accountId, messageId, nowMs: Date.now() });
    const { head, unreadCount, messages } = await readBoxChanges(db, accountId, before.head, 10);
    expect(messages.map(({ subject, sequence }) => [subject, sequence])).toEqual([
      ['new', 1n],
      ['old', 2n],
    ]);
    expect([head, unreadCount]).toEqual([2n, 1]);
  });

  it('leaves the numbers of messages out that were stored before', async () => {
    const accountId = uuidV7();
    const messages = messagesOf(accountId, ['a', 'b']);
    await insertMessages(db, messages);
    await insertMessages(db, messages);
    const { head, messages: changed } = await readBoxChanges(db, accountId, 0n, 10);
    expect([head, changed.length]).toEqual([4n, 2]);
    expect(await readBoxChanges(db, accountId, head, 10)).toEqual({ head: 4n, unreadCount: 0, messages: [] });
  });
});
