import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AccountConditionsSchema } from '#gen/outcry/user/v1/internal_pb.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { migrate } from '#platform/postgres/migrate.ts';
import { type OpenTestDatabase, openTestDatabase } from '#platform/testing/database.ts';
import { fromTradingConditions } from '../rpc/messages/trading-conditions-message.ts';
import { usualConditions } from '../testing/fake-market.ts';
import { readTradingConditions } from './read-trading-conditions.ts';
import { saveTradingConditions } from './save-trading-conditions.ts';

const migrations = new URL('./migrations/', import.meta.url);

let db: OpenTestDatabase;
let folder: string;

beforeAll(async () => {
  db = await openTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'outcry-migrations-'));
  for (const name of ['0001-orders.sql', '0002-feed-state.sql'])
    await cp(new URL(name, migrations), join(folder, name));
  await migrate(db, folder);
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await db[Symbol.asyncDispose]();
});

const copyOf = (accountId: string, positionQuantityMax: string) =>
  fromTradingConditions(
    create(AccountConditionsSchema, usualConditions(accountId, { version: 5n, positionQuantityMax })),
  );

describe('migration 0003-position-limit-of-zero', () => {
  it('lets the source replace copies whose limit of 0 the release before took for none, and only those', async () => {
    const [forbidden, limited] = [uuidV7(), uuidV7()];
    await db.query(
      `INSERT INTO conditions (account_id, version, state, house, maker_bps, taker_bps, open_orders_max, orders_per_second_max,
         position_max_micros, market_orders_permitted)
       SELECT account_id, 5, 'active', false, 2, 5, 100, 50, position_max, true
       FROM unnest($1::uuid[], $2::bigint[]) AS copy (account_id, position_max)`,
      [
        [forbidden, limited],
        [0, 3_000_000],
      ],
    );
    await migrate(db, migrations);
    const read = async (accountId: string) => (await readTradingConditions(db, [accountId])).get(accountId);
    expect(await read(forbidden)).toMatchObject({ version: 0n, positionMaxMicros: undefined });
    expect(await read(limited)).toMatchObject({ version: 5n, positionMaxMicros: 3_000_000n });
    await saveTradingConditions(db, [copyOf(forbidden, '0')]);
    expect(await read(forbidden)).toMatchObject({ version: 5n, positionMaxMicros: 0n });
  });
});
