import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Logger } from '#platform/telemetry/logger.ts';
import { ruleVersion } from '../engine/engine.ts';
import { JournalDamagedError, RulesUnknownError } from '../journal/errors.ts';
import { checksumOfHeader } from '../snapshot/snapshot-header.ts';
import { readSnapshots } from '../store/read-snapshots.ts';
import {
  createJournalDatabase,
  exercise,
  freshOrder,
  type JournalDatabase,
  silentLogger,
  startTestTerm,
} from '../testing/terms.ts';
import { recover } from './recover.ts';

let journal: JournalDatabase;

beforeEach(async () => {
  journal = await createJournalDatabase();
});

afterEach(async () => {
  await journal[Symbol.asyncDispose]();
});

const headers = () => readSnapshots(journal.db, 0, 100);
const often = { eventsMax: 40, intervalMs: 3_600_000, intervalMinMs: 0 };

/** Fills the journal with groups, and the table with snapshots of some of them. Returns the groups of the snapshots, newest first. */
async function fill(orderCount = 300): Promise<number[]> {
  const term = await startTestTerm(journal.db, {}, { snapshots: often });
  for (let start = 0; start < orderCount; start += 20) {
    if (start === 0) await exercise(term, 20);
    await term.submit(Array.from({ length: 20 }, (_, i) => freshOrder(start + i)));
    await term.snapshots.settled;
  }
  term.stop('the test stops it');
  return (await headers()).map(({ groupNumber }) => groupNumber);
}

function hearing() {
  const warnings: string[] = [];
  const logger = Object.assign(Object.create(silentLogger) as Logger, {
    warn: vi.fn((_: object, message: string) => warnings.push(message)),
  });
  return { logger, warnings };
}

describe('Snapshots', () => {
  it('are written under load, the newest three are retained, and no part is left without its snapshot', async () => {
    const groups = await fill();
    expect(groups).toHaveLength(3);
    const parts = await journal.db.query<{ group_number: bigint }>(
      'SELECT group_number FROM snapshot_part ORDER BY 1 DESC',
    );
    expect(parts.rows.map(({ group_number }) => Number(group_number))).toEqual(groups);
  });

  it('are due after the interval too, but never while nothing happens', async () => {
    const term = await startTestTerm(journal.db, {}, { snapshots: { eventsMax: 1_000_000, intervalMs: 0 } });
    await term.snapshots.settled;
    expect(await headers()).toHaveLength(0);
    await exercise(term, 10);
    await term.snapshots.settled;
    expect((await headers()).length).toBeGreaterThan(0);
  });

  it('are not due sooner than the shortest interval, nor before there were as many events as records', async () => {
    const soon = await startTestTerm(journal.db, {}, { snapshots: { ...often, intervalMinMs: 3_600_000 } });
    await exercise(soon, 100);
    await soon.snapshots.settled;
    expect(await headers()).toHaveLength(0);
    const next = await startTestTerm(journal.db, {}, { snapshots: often });
    const records = 100;
    for (let i = 0; i < 300; i += 20) {
      await next.submit(Array.from({ length: 20 }, (_, n) => freshOrder(1_000 + i + n)));
      await next.snapshots.settled;
    }
    const sequences = (await headers()).map(({ sequence }) => sequence);
    expect(sequences.length).toBeGreaterThan(1);
    for (const [i, sequence] of sequences.slice(0, -1).entries()) {
      expect(sequence - (sequences[i + 1] ?? 0)).toBeGreaterThan(records);
    }
  });

  it('are not written under an old token', async () => {
    const old = await startTestTerm(journal.db, {}, { snapshots: often });
    await exercise(old, 10);
    await old.snapshots.settled;
    const before = await headers();
    const held = Promise.withResolvers<void>();
    const query = journal.db.query.bind(journal.db);
    vi.spyOn(journal.db, 'query').mockImplementation(async (text, values) => {
      if (text.includes('INTO snapshot_part')) await held.promise;
      return query(text, values);
    });
    await old.submit(Array.from({ length: 50 }, (_, i) => freshOrder(100 + i)));
    const next = await startTestTerm(journal.db);
    held.resolve();
    await old.snapshots.settled;
    expect(await headers()).toEqual(before);
    expect((await journal.db.query('SELECT FROM snapshot_part')).rowCount).toBe(before.length);
    next.stop('the test stops it');
  });

  it('do no harm when they cannot be written', async () => {
    await journal.db.query('DROP TABLE snapshot_part');
    const { logger, warnings } = hearing();
    const term = await startTestTerm(journal.db, {}, { snapshots: often, logger });
    await exercise(term, 100);
    await term.snapshots.settled;
    expect(warnings.length).toBeGreaterThan(0);
    expect(warnings[0]).toBe('a snapshot could not be written');
    expect(term.head().sequence).toBeGreaterThan(100);
  });
});

describe('recover', () => {
  it('from any snapshot and the groups after it reaches the state of the whole journal', async () => {
    const groups = await fill();
    const whole = await recover(journal.db, 0, { from: 'journal' });
    for (const group of [...groups, 0]) {
      const recovered = await recover(journal.db, 0);
      expect(recovered.snapshotGroup).toBe(group);
      expect(recovered.engine.stateHash()).toBe(whole.engine.stateHash());
      expect(recovered).toMatchObject({ groupNumber: whole.groupNumber, checksum: whole.checksum });
      expect(recovered.engine.state.restingCount).toBe(whole.engine.state.restingCount);
      await journal.db.query('DELETE FROM snapshot WHERE group_number = $1', [group]);
    }
  });

  it('lets the next term repeat answers, show books and continue as if it had replayed everything', async () => {
    await fill();
    const term = await startTestTerm(journal.db, {}, { snapshots: often });
    expect((await term.submit([freshOrder(7)]))[0]).toMatchObject({ effective: false, accepted: true });
    expect(term.view.books[0]?.bids.size).toBeGreaterThan(0);
    expect((await term.submit([freshOrder(5_000)]))[0]).toMatchObject({ effective: true, accepted: true });
    term.stop('the test stops it');
    const whole = await recover(journal.db, 0, { from: 'journal' });
    expect(term.head().stateHash).toBe(whole.engine.stateHash());
  });

  it.each([
    ['a flipped byte', 'UPDATE snapshot_part SET bytes = set_byte(bytes, 300, 255 - get_byte(bytes, 300))'],
    ['a flipped first byte', 'UPDATE snapshot_part SET bytes = set_byte(bytes, 0, 77)'],
    ['a torn part', 'UPDATE snapshot_part SET bytes = substring(bytes FOR 200)'],
    ['a missing part', 'DELETE FROM snapshot_part'],
    ['another hash', "UPDATE snapshot SET state_hash = '0123456789abcdef'"],
    ['another sequence', 'UPDATE snapshot SET sequence = sequence + 1'],
    ['another group', 'UPDATE snapshot SET group_number = group_number + 1'],
  ])('passes over a snapshot with %s, names its row, and takes the one before', async (_, damage) => {
    const [newest = 0, older] = await fill();
    await journal.db.query(`${damage} WHERE group_number = $1`, [newest]);
    const { logger, warnings } = hearing();
    const recovered = await recover(journal.db, 0, { logger });
    expect(recovered.snapshotGroup).toBe(older);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(
      /^snapshot row \(shard 0, group \d+, token 1\) (was altered|lacks part).*; it is not used$/,
    );
    const whole = await recover(journal.db, 0, { from: 'journal' });
    expect(recovered.engine.stateHash()).toBe(whole.engine.stateHash());
  });

  it('replays the journal from its start when no snapshot is valid', async () => {
    await fill();
    await journal.db.query('UPDATE snapshot_part SET bytes = set_byte(bytes, 40, 255 - get_byte(bytes, 40))');
    const { logger, warnings } = hearing();
    const recovered = await recover(journal.db, 0, { logger });
    expect(recovered.snapshotGroup).toBe(0);
    expect(warnings).toHaveLength(3);
  });

  it('skips a snapshot of another history', async () => {
    const [newest = 0, older] = await fill();
    const [header] = await headers();
    if (!header) throw new Error('no snapshot');
    const other = { ...header, groupChecksum: 1 };
    await journal.db.query('UPDATE snapshot SET group_checksum = 1, checksum = $2 WHERE group_number = $1', [
      newest,
      checksumOfHeader(other),
    ]);
    const { logger, warnings } = hearing();
    expect((await recover(journal.db, 0, { logger })).snapshotGroup).toBe(older);
    expect(warnings[0]).toContain('is of another history than the journal');
  });

  it('refuses a journal that ends before its newest snapshot', async () => {
    const [newest = 0] = await fill();
    await journal.db.query('DELETE FROM journal WHERE group_number >= $1', [newest]);
    const refusal = recover(journal.db, 0);
    await expect(refusal).rejects.toThrow(JournalDamagedError);
    await expect(refusal).rejects.toThrow(`journal row (shard 0, group ${newest}) is missing, though a snapshot`);
  });

  it('refuses a damaged group after the snapshot', async () => {
    const [, older = 0] = await fill();
    await journal.db.query('DELETE FROM snapshot WHERE group_number > $1', [older]);
    await journal.db.query('UPDATE journal SET events = set_byte(events, 5, 99) WHERE group_number = $1', [older + 1]);
    await expect(recover(journal.db, 0)).rejects.toThrow(`journal row (shard 0, group ${older + 1}) was altered`);
  });

  it('serves no altered row from before the snapshot to a follower, and every sound one', async () => {
    await fill();
    const term = await startTestTerm(journal.db);
    const { rows } = await journal.db.query<{ last_sequence: bigint }>(
      'SELECT last_sequence FROM journal WHERE group_number = 6',
    );
    const last = Number(rows[0]?.last_sequence);
    await journal.db.query('UPDATE journal SET events = set_byte(events, 5, 99) WHERE group_number = 6');
    for (const after of [0, last - 1]) {
      await expect(term.feed.readAfter(after)).rejects.toThrow('journal row (shard 0, group 6) was altered');
    }
    expect((await term.feed.readAfter(last))?.lastSequence).toBe(term.head().sequence);
    expect((await term.submit([freshOrder(6_000)]))[0]).toMatchObject({ accepted: true });
    term.stop('the test stops it');
  });

  it('refuses a snapshot that a later release wrote under rules of its own', async () => {
    const [newest = 0] = await fill();
    const [header] = await headers();
    if (!header) throw new Error('no snapshot');
    const later = checksumOfHeader({ ...header, ruleVersion: 99 });
    await journal.db.query('UPDATE snapshot SET rule_version = 99, checksum = $2 WHERE group_number = $1', [
      newest,
      later,
    ]);
    await expect(recover(journal.db, 0)).rejects.toThrow(RulesUnknownError);
    await expect(recover(journal.db, 0)).rejects.toThrow(
      `snapshot row (shard 0, group ${newest}) is of rule version 99; this release knows version ${ruleVersion}: start a later release`,
    );
  });
});
