import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BusEvent } from '#platform/bus/bus.ts';
import { createGrownLists } from '#platform/concurrency/grown-lists.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { migrate } from '#platform/postgres/migrate.ts';
import { type OpenTestDatabase, openTestDatabase } from '#platform/testing/database.ts';
import { factPages } from '../events/fact-pages.ts';
import { createDueTime } from '../jobs/due-time.ts';
import { needs } from '../needs.ts';
import { cancelledOrder, filledOrder, partlyFilledOrder } from '../testing/order-events.ts';
import { claimDeliveries } from './claim-deliveries.ts';
import { claimOrderMails } from './claim-order-mails.ts';
import { recordOutcomes } from './record-outcomes.ts';
import { redriveDeadLetters } from './redrive-dead-letters.ts';
import { upsertContacts } from './upsert-contacts.ts';

const leaseMs = 60_000;

describe('claimOrderMails', () => {
  let db: OpenTestDatabase;
  let accountId: string;
  let clockMs = Date.now();
  const nowMs = () => clockMs;
  beforeAll(async () => {
    db = await openTestDatabase();
    await migrate(db, needs.database.migrations);
  });
  afterAll(() => db?.[Symbol.asyncDispose]());
  beforeEach(async () => {
    await db.query('DELETE FROM delivery');
    accountId = uuidV7();
  });

  const handle = async (...page: BusEvent[]) => {
    const deps = { db, dueMails: createDueTime(nowMs), grownBoxes: createGrownLists(100), nowMs };
    await db.transaction((tx) => factPages(deps)(page, tx));
  };
  const claim = (limit = 100) => claimOrderMails(db, { limit, nowMs: clockMs, leaseMs });
  const claimOthers = () => claimDeliveries(db, { limit: 100, nowMs: clockMs, leaseMs });
  const subjects = async (limit?: number) => (await claim(limit)).map(({ subject }) => subject);
  const advance = (seconds: number) => {
    clockMs += seconds * 1_000;
  };
  const count = async (condition: string) => {
    const { rows } = await db.query<{ count: bigint }>(`SELECT count(*) FROM delivery WHERE ${condition}`);
    return Number(rows[0]?.count);
  };

  it('takes the first order at once, and all that ends in the next 15 s when these are over', async () => {
    await handle(filledOrder(accountId, 1));
    expect(await subjects()).toEqual(['Order filled: bought 1 ACME at 187']);
    for (const shares of [2, 3]) {
      advance(5);
      await handle(filledOrder(accountId, shares), cancelledOrder(accountId, shares));
      expect(await claim()).toEqual([]);
    }
    advance(4.9);
    expect(await claimOthers()).toEqual({ deliveries: [], nextDueMs: clockMs + 100, areOrdersDue: false });
    advance(0.1);
    expect((await claimOthers()).areOrdersDue).toBe(true);
    const [mail, ...others] = await claim();
    expect(others).toEqual([]);
    expect(mail?.subject).toBe('4 orders: 2 filled, 2 cancelled');
    expect(mail?.text).toMatch(/^Order filled: bought 2 ACME at 187\nYou bought 2 ACME at 187\.\n/m);
    expect(await claim()).toEqual([]);
    advance(15);
    await handle(filledOrder(accountId, 9));
    expect(await subjects()).toEqual(['Order filled: bought 9 ACME at 187']);
  });

  it('puts off what an older release, or a page beside the claim, made due too early', async () => {
    await handle(filledOrder(accountId, 1));
    await claim();
    await handle(filledOrder(accountId, 2));
    await db.query(`UPDATE delivery SET next_attempt_time = $1 WHERE attempts = 0`, [new Date(clockMs)]);
    expect(await claim()).toEqual([]);
    expect((await claimOthers()).areOrdersDue).toBe(false);
    advance(15);
    expect(await subjects()).toEqual(['Order filled: bought 2 ACME at 187']);
  });

  it('gives each person one mail, whoever claims at the same time, and no more people than are asked for', async () => {
    const people = Array.from({ length: 20 }, () => uuidV7());
    await handle(...people.flatMap((id) => [filledOrder(id, 1), filledOrder(id, 2), cancelledOrder(id, 3)]));
    expect(await claim(5)).toHaveLength(5);
    const claimed = await Promise.all([claim(), claim(), claim()]);
    expect(claimed.flat().map(({ accountId: id }) => id)).toHaveLength(15);
    expect(new Set(claimed.flat().map(({ subject }) => subject))).toEqual(new Set(['3 orders: 2 filled, 1 cancelled']));
    expect(await count(`state = 'waiting' AND order_id IS NOT NULL`)).toBe(0);
  });

  it('bounds the text of a mail, and says of every order what became of it', async () => {
    await handle(...Array.from({ length: 120 }, (_, index) => filledOrder(accountId, index + 1)));
    const [mail] = await claim();
    expect(mail?.subject).toBe('120 orders: 120 filled');
    expect(mail?.text.match(/^You bought /gm)).toHaveLength(50);
    expect(mail?.text).toMatch(/70 more orders are in your messages in the app\.$/);
    expect(await count(`state = 'waiting'`)).toBe(1);
  });

  it('is the same mail again when its process died, with what came meanwhile in another', async () => {
    const { first, rest } = partlyFilledOrder(accountId);
    await handle(filledOrder(accountId, 1), filledOrder(accountId, 2), first);
    advance(15);
    const [mail] = await claim();
    expect(mail?.subject).toBe('3 orders: 2 filled, 1 partly filled');
    await handle(rest);
    advance(61);
    expect((await claimOthers()).deliveries).toEqual([{ ...mail, attempts: 2 }]);
    const next = await claim();
    expect(next.map(({ subject }) => subject)).toEqual(['Order filled: bought 10 ACME at 187 on average']);
    const sent = [{ deliveryId: mail?.deliveryId ?? '', attempts: 2, type: 'sent' as const }];
    await recordOutcomes(db, sent, clockMs);
    expect(await count(`state = 'waiting'`)).toBe(1);
  });

  it('is given up and redriven as a whole, under the same id', async () => {
    await handle(filledOrder(accountId, 1), filledOrder(accountId, 2));
    const [mail] = await claim();
    const deadLetterId = uuidV7();
    const deliveryId = mail?.deliveryId ?? '';
    await recordOutcomes(db, [{ deliveryId, attempts: 1, type: 'given-up', failure: 'no', deadLetterId }], clockMs);
    await handle(filledOrder(accountId, 3));
    expect(await redriveDeadLetters(db, [deadLetterId], clockMs)).toBe(1);
    expect((await claimOthers()).deliveries).toEqual([mail]);
    advance(15);
    expect(await subjects()).toEqual(['Order filled: bought 3 ACME at 187']);
  });

  it('sends alone, under its own id, a mail of a single order that was attempted', async () => {
    await handle(filledOrder(accountId, 1));
    const [mail] = await claim();
    await handle(filledOrder(accountId, 2), filledOrder(accountId, 3));
    advance(61);
    expect((await claimOthers()).deliveries).toEqual([{ ...mail, attempts: 2 }]);
    expect(await subjects()).toEqual(['2 orders: 2 filled']);
  });

  it('has no mail for the house, nor for who wants none', async () => {
    await upsertContacts(db, [{ accountId, email: '', displayName: 'maker', house: true }]);
    const quiet = uuidV7();
    await db.query(
      `INSERT INTO preference (account_id, kind, email, in_app) SELECT $1, kind, false, true FROM unnest(ARRAY['order', 'fill']) AS kind`,
      [quiet],
    );
    await handle(filledOrder(uuidV7(), 1, { house: true }), filledOrder(accountId, 2), filledOrder(accountId, 3));
    await handle(filledOrder(quiet, 4), cancelledOrder(quiet, 5));
    expect(await claim()).toEqual([]);
    expect(await count('true')).toBe(0);
  });
});
