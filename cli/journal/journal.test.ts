import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createJournal, entriesMax, type JournalEntry } from './journal.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'outcry-journal-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

// A process that has ended: pids are below 2^22, and this one started at another time than any that runs.
const ended = '4194303-1';
const folder = () => join(directory, 'unanswered');

const entryOf = (key: string, createTimeMs = 1): JournalEntry => ({
  rpc: 'a.B/C',
  key,
  gateway: 'http://a',
  identity: 'user:1',
  request: { key },
  createTimeMs,
});

describe('createJournal', () => {
  it('stores an entry for its owner only, and removes it when it is closed', () => {
    const journal = createJournal(directory);
    const owned = journal.open(entryOf('one'));
    const [file = ''] = readdirSync(folder());
    expect(statSync(join(folder(), file)).mode & 0o777).toBe(0o600);
    expect(statSync(folder()).mode & 0o777).toBe(0o700);
    expect(journal.list()).toEqual({ abandoned: [], waiting: [entryOf('one')], unreadable: [] });
    owned.close();
    expect(readdirSync(folder())).toEqual([]);
  });

  it('lists what an ended process left, oldest first, and gives each to one claimant', () => {
    const dead = createJournal(directory, ended);
    dead.open(entryOf('later', 2));
    dead.open(entryOf('earlier', 1));
    const journal = createJournal(directory);
    expect(journal.list().abandoned.map(({ key }) => key)).toEqual(['earlier', 'later']);
    const owned = journal.claim(entryOf('earlier', 1));
    expect(owned?.entry.key).toBe('earlier');
    expect(journal.claim(entryOf('earlier', 1))).toBeUndefined();
    expect(journal.list().waiting.map(({ key }) => key)).toEqual(['earlier']);
    owned?.close();
    expect(
      createJournal(directory)
        .list()
        .abandoned.map(({ key }) => key),
    ).toEqual(['later']);
  });

  it('gives nothing that a running process waits for', () => {
    const journal = createJournal(directory);
    journal.open(entryOf('one'));
    expect(createJournal(directory, ended).claim(entryOf('one'))).toBeUndefined();
  });

  it('names files that it cannot read, and goes on with the others', () => {
    createJournal(directory, ended).open(entryOf('good'));
    const [good = ''] = readdirSync(folder());
    writeFileSync(join(folder(), 'stray.json'), '{"half": ');
    writeFileSync(join(folder(), `${'0'.repeat(32)}.${ended}.json`), JSON.stringify(entryOf('of another name')));
    writeFileSync(join(folder(), `${good}.x.tmp`), '{"rpc":');
    const { abandoned, unreadable } = createJournal(directory).list();
    expect(abandoned.map(({ key }) => key)).toEqual(['good']);
    expect(unreadable.toSorted()).toEqual([`${'0'.repeat(32)}.${ended}.json`, 'stray.json']);
  });

  it('has a bound', () => {
    const journal = createJournal(directory);
    journal.open(entryOf('first'));
    for (let count = 1; count < entriesMax; count += 1) writeFileSync(join(folder(), `${count}.json`), '');
    expect(() => journal.open(entryOf('one more'))).toThrow(/outcry resume/);
  });
});
