import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Side } from '../engine/model/codes.ts';
import type { Command } from '../engine/model/commands.ts';
import { listing } from '../engine/testing/driver.ts';
import { readSnapshots } from '../store/read-snapshots.ts';
import { createJournalDatabase, freshOrder, type JournalDatabase, startTestTerm } from '../testing/terms.ts';
import { recover } from './recover.ts';

// Orders that arrive, trade and are cancelled; each group has a thousand of them.
const groups = 60;
const groupCommands = 1_000;

let journal: JournalDatabase;
let expectedHash = '';

beforeAll(async () => {
  journal = await createJournalDatabase();
  const term = await startTestTerm(
    journal.db,
    {},
    { snapshots: { eventsMax: 1_000, intervalMs: 3_600_000, intervalMinMs: 0 } },
  );
  await term.submit([{ kind: 'list', listing: listing() }]);
  for (let group = 0; group < groups; group++) {
    await term.submit(Array.from({ length: groupCommands }, (_, i) => command(group * groupCommands + i)));
    if (group < 2) await term.snapshots.settled;
  }
  await term.snapshots.settled;
  expectedHash = term.head().stateHash;
  term.stop('the test stops it');
  // An old snapshot, and all the journal after it.
  const old = (await readSnapshots(journal.db, 0, 10)).at(-1)?.groupNumber ?? 0;
  await journal.db.query('DELETE FROM snapshot WHERE group_number > $1', [old]);
});

afterAll(async () => {
  await journal[Symbol.asyncDispose]();
});

function command(number: number): Command {
  const order = freshOrder(number);
  if (number % 3 !== 2) return { ...order, side: number % 2 === 0 ? Side.BUY : Side.SELL };
  const { orderId, accountId } = freshOrder(number - 2);
  return { kind: 'cancel', commandId: `c${number}`, orderId, accountId, symbol: 'ACME' };
}

describe('recover', () => {
  it('reads an old snapshot and a long journal to the same state', async () => {
    const recovered = await recover(journal.db, 0);
    expect(recovered.snapshotGroup).toBeGreaterThan(0);
    expect(recovered.engine.stateHash()).toBe(expectedHash);
    const whole = await recover(journal.db, 0, { from: 'journal' });
    expect(whole.engine.stateHash()).toBe(expectedHash);
    expect(whole.commandCount).toBeGreaterThan(groups * groupCommands * 0.9);
  });
});
