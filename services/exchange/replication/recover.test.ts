import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ruleVersion } from '../engine/engine.ts';
import { encodeCommands } from '../journal/command-codec.ts';
import { JournalDamagedError, RulesUnknownError } from '../journal/errors.ts';
import { checksumOf } from '../journal/journal-group.ts';
import { appendGroup } from '../store/append-group.ts';
import { startExchange } from '../testing/running-exchange.ts';
import { createJournalDatabase, exercise, freshOrder, type JournalDatabase, startTestTerm } from '../testing/terms.ts';
import { recover } from './recover.ts';

let journal: JournalDatabase;

beforeEach(async () => {
  journal = await createJournalDatabase();
  const term = await startTestTerm(journal.db);
  await exercise(term, 300);
  term.stop('the test stops it');
});

afterEach(async () => {
  await journal[Symbol.asyncDispose]();
});

describe('recover', () => {
  it('reaches the state hash, the sequence and the books that were there before', async () => {
    const [row] = (
      await journal.db.query<{ state_hash: string; last_sequence: bigint }>(
        'SELECT state_hash, last_sequence FROM journal ORDER BY group_number DESC LIMIT 1',
      )
    ).rows;
    const { engine } = await recover(journal.db, 0);
    expect(engine.stateHash()).toBe(row?.state_hash);
    expect(BigInt(engine.state.sequence)).toBe(row?.last_sequence);
    expect(engine.state.restingCount).toBeGreaterThan(10);
  });

  it('lets the next term continue where the last one stopped, under the same epoch', async () => {
    const first = await startTestTerm(journal.db);
    const head = first.head();
    first.stop('the test stops it');
    const second = await startTestTerm(journal.db);
    expect(second.epoch).toBe(first.epoch);
    expect(second.head()).toEqual(head);
    expect(second.view.books[0]?.bids.size).toBeGreaterThan(0);
    const [outcome] = await second.submit([freshOrder(1_001)]);
    expect(outcome?.feedSequence).toBeGreaterThan(head.sequence);
    const [repeated] = await second.submit([freshOrder(7)]);
    expect(repeated).toMatchObject({ effective: false, accepted: true });
    second.stop('the test stops it');
  });

  it.each([
    ['a flipped byte of an event', 'UPDATE journal SET events = set_byte(events, 9, 77) WHERE group_number = 12', 12],
    [
      'a flipped byte of a command',
      'UPDATE journal SET commands = set_byte(commands, 20, 9) WHERE group_number = 9',
      9,
    ],
    ['a torn row', 'UPDATE journal SET events = substring(events FOR 40) WHERE group_number = 11', 11],
    ['another time', 'UPDATE journal SET time_ms = time_ms + 1 WHERE group_number = 5', 5],
    ['a missing row', 'DELETE FROM journal WHERE group_number = 7', 7],
    ['two rows that changed places', swap(8, 10), 8],
  ])('refuses %s and names the row', async (_, damage, groupNumber) => {
    await journal.db.query(damage);
    const refusal = recover(journal.db, 0);
    await expect(refusal).rejects.toThrow(JournalDamagedError);
    await expect(refusal).rejects.toThrow(`journal row (shard 0, group ${groupNumber})`);
  });

  it.each([
    ['a torn newest row', 'UPDATE journal SET events = substring(events FOR 10) WHERE group_number = $1'],
    [
      'a newest row with a flipped byte',
      'UPDATE journal SET commands = set_byte(commands, 5, 255) WHERE group_number = $1',
    ],
    ['a newest row with another hash', "UPDATE journal SET state_hash = '0123456789abcdef' WHERE group_number = $1"],
    ['a newest row without events', "UPDATE journal SET events = '' WHERE group_number = $1"],
  ])('refuses %s and names it', async (_, damage) => {
    const newest = (await recover(journal.db, 0)).groupNumber;
    await journal.db.query(damage, [newest]);
    await expect(recover(journal.db, 0)).rejects.toThrow(`journal row (shard 0, group ${newest})`);
  });

  it('ends where the journal ends when the newest row is missing', async () => {
    const { groupNumber } = await recover(journal.db, 0);
    await journal.db.query('DELETE FROM journal WHERE group_number = $1', [groupNumber]);
    expect((await recover(journal.db, 0)).groupNumber).toBe(groupNumber - 1);
  });

  it('prevents the service from starting on a damaged journal', async () => {
    await journal.db.query('UPDATE journal SET events = set_byte(events, 3, 200) WHERE group_number = 4');
    await using running = await startExchange(journal.url);
    await expect(running.exchange.served).rejects.toThrow('journal row (shard 0, group 4) was altered');
    await expect(running.exchange.ended).rejects.toThrow(JournalDamagedError);
  });
});

describe('a journal of a later release', () => {
  it('ends the service with a line that says which row, which rules and what to do', async () => {
    const [last] = (
      await journal.db.query<{ group_number: bigint; last_sequence: bigint; checksum: bigint }>(
        'SELECT group_number, last_sequence, checksum FROM journal ORDER BY group_number DESC LIMIT 1',
      )
    ).rows;
    if (!last) throw new Error('the journal is empty');
    const sequence = Number(last.last_sequence);
    const unsigned = {
      ...{ shard: 0, groupNumber: Number(last.group_number) + 1, firstSequence: sequence + 1, lastSequence: sequence },
      ...{ timeMs: Date.now(), token: 1n, commands: encodeCommands([{ kind: 'rules', version: ruleVersion + 1 }]) },
      ...{ events: new Uint8Array(), stateHash: '0123456789abcdef' },
    };
    await appendGroup(journal.db, { ...unsigned, checksum: checksumOf(unsigned, Number(last.checksum)) });
    await using running = await startExchange(journal.url);
    const versions = `is of rule version ${ruleVersion + 1}; this release knows version ${ruleVersion}`;
    const line = `group ${unsigned.groupNumber}) ${versions}: start a later release`;
    await expect(running.exchange.served).rejects.toThrow(line);
    await expect(running.exchange.ended).rejects.toThrow(RulesUnknownError);
  });
});

function swap(a: number, b: number): string {
  return `UPDATE journal SET (commands, events, checksum, state_hash) =
      (SELECT o.commands, o.events, o.checksum, o.state_hash FROM journal o WHERE o.group_number = ${a + b} - journal.group_number)
    WHERE group_number IN (${a}, ${b})`;
}
