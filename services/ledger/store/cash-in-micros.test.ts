import { describe, expect, it } from 'vitest';
import { migrate } from '#platform/postgres/migrate.ts';
import { openTestDatabase } from '#platform/testing/database.ts';
import {
  auditedInCents,
  countedInMicros,
  migrateBefore,
  readDigests,
  readTables,
} from '#platform/testing/older-schema.ts';
import { checkBooks } from '../testing/check-books.ts';
import { checkHolds } from '../testing/check-holds.ts';
import { Findings } from '../testing/findings.ts';
import { auditedTables } from './audited-tables.ts';

const directory = new URL('./migrations/', import.meta.url);
const tables = ['account', 'balance', 'entry', 'posting', 'hold', 'transfer', 'local_payment'];
const { posting, hold, transfer } = auditedTables;
const ann = '018f0000-aaaa-7000-8000-000000000001';
const bob = '018f0000-aaaa-7000-8000-000000000002';
const outside = '00000000-0000-0000-0000-000000000001';
const issuer = '00000000-0000-0000-0000-000000000002';
const fees = '00000000-0000-0000-0000-000000000003';

/**
 * Ann deposited 100.00 and has an order to buy 10 for 1.00 each open, of which 4 were sold to her by bob for 0.90, and a withdrawal of 5.00;
 * the fees are 10 bps for makers and 20 for takers.
 */
const books = `
  INSERT INTO account VALUES ('${ann}', 1, 'active', false, 5000000), ('${bob}', 2, 'active', false, NULL),
    ('${issuer}', 2, 'active', false, 900000000000000000);
  INSERT INTO platform.feed_head (name, sequence) VALUES ('ledger', 3);
  INSERT INTO entry VALUES (1, 'cash', 't1', now(), '\\x01'), (2, 'issue', 'i1', now(), '\\x02'), (3, 'trade', '0-1', now(), '\\x03');
  INSERT INTO posting (sequence, line, account_id, asset, amount, kind) VALUES
    (1, 0, '${ann}', 'USD', 10000, 'deposit'), (1, 1, '${outside}', 'USD', -10000, 'deposit'),
    (2, 0, '${bob}', 'ACME', 9000000, 'issue'), (2, 1, '${issuer}', 'ACME', -9000000, 'issue'),
    (3, 0, '${ann}', 'USD', -360, 'trade'), (3, 1, '${ann}', 'ACME', 4000000, 'trade'), (3, 2, '${ann}', 'USD', -1, 'fee'),
    (3, 3, '${bob}', 'ACME', -4000000, 'trade'), (3, 4, '${bob}', 'USD', 360, 'trade'), (3, 5, '${bob}', 'USD', -1, 'fee'),
    (3, 6, '${fees}', 'USD', 2, 'fee');
  INSERT INTO hold (order_id, state, account_id, symbol, side, lots, price_ticks, tick_lot_cents, lot_micros, maker_bps, taker_bps,
    filled_lots, maker_value_cents, taker_value_cents, amount, create_time) VALUES
    ('018f0000-bbbb-7000-8000-000000000001', 'open', '${ann}', 'ACME', 'buy', 10, 100, 1, 1000000, 10, 20, 4, 360, 0, 601, now()),
    ('018f0000-bbbb-7000-8000-000000000002', 'settled', '${bob}', 'ACME', 'sell', 4, 90, 1, 1000000, 10, 20, 4, 0, 360, 0, now()),
    ('018f0000-bbbb-7000-8000-000000000003', 'open', '${bob}', 'ACME', 'sell', 2, 90, 1, 1000000, 10, 20, 0, 0, 0, 2000000, now());
  INSERT INTO hold (order_id, state, create_time) VALUES ('018f0000-bbbb-7000-8000-000000000004', 'released', now());
  INSERT INTO balance VALUES ('${ann}', 'USD', 8538, 1101), ('${ann}', 'ACME', 4000000, 0), ('${bob}', 'USD', 359, 0),
    ('${bob}', 'ACME', 3000000, 2000000), ('${outside}', 'USD', -10000, 0), ('${issuer}', 'ACME', -9000000, 0), ('${fees}', 'USD', 2, 0);
  INSERT INTO transfer (transfer_id, account_id, kind, amount_cents, status, idempotency_key, create_time) VALUES
    ('018f0000-cccc-7000-8000-000000000001', '${ann}', 'deposit', 10000, 'completed', 'a', now()),
    ('018f0000-cccc-7000-8000-000000000002', '${ann}', 'withdrawal', 500, 'pending', 'b', now());
  INSERT INTO local_payment VALUES ('018f0000-cccc-7000-8000-000000000001', 'p', 'in', 10000, 'USD', 'completed', now(), now())`;

const isCash = (table: string, column: string, row: Record<string, string | null>) => {
  if (table === 'balance' || table === 'posting')
    return row.asset === 'USD' && ['available', 'held', 'amount'].includes(column);
  return table === 'hold' && column === 'amount' && row.side === 'buy';
};

describe('migration cash-in-micros', () => {
  it('turns each cent of the books into ten thousand millionths, changes no share, and leaves what was sealed as it was', async () => {
    await using db = await openTestDatabase();
    await migrateBefore(db, directory, '0009-cash-in-micros.sql');
    await db.query(books);
    const { local_payment: payments = [], ...before } = await readTables(db, tables);
    const older = { posting, hold, transfer };
    const sealed = await readDigests(db, {
      posting: auditedInCents(posting),
      hold: auditedInCents(hold),
      transfer: auditedInCents(transfer),
    });

    await migrateBefore(db, directory, '0010');

    const { account = [], ...expected } = countedInMicros(before, isCash);
    // More than any account can have, as far as it can be counted.
    Object.assign(account.find((row) => row.account_id === issuer) ?? {}, { transfer_max_micros: `${10n ** 17n}` });
    // Payments are what the world outside has: they stay in cents.
    expect(await readTables(db, tables)).toEqual({ ...expected, account, local_payment: payments });
    await migrate(db, directory);
    expect(await readDigests(db, older)).toEqual(sealed);
    const findings = new Findings(10);
    await checkBooks(db, findings);
    expect(await checkHolds(db, findings)).toBe(2n);
    expect(findings.listed).toEqual([]);
  });
});
