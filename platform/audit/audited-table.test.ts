import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { type OpenTestDatabase, openTestDatabase } from '#platform/testing/database.ts';
import { timesBetween, uuidsBetween } from './audited-table.ts';

const timeMs = 1_700_000_000_123;

let db: OpenTestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  await db.query('CREATE TABLE thing (number integer, id uuid, time timestamptz)');
  for (let number = -1; number <= 3; number += 1) {
    const values = [number, uuidV7(timeMs + number), new Date(timeMs + number)];
    await db.query('INSERT INTO thing VALUES ($1, $2, $3)', values);
  }
});
afterAll(() => db?.[Symbol.asyncDispose]());

/** The things after a time and up to 2 ms later. */
async function inRange({ range, order }: { range?: string; order?: string }): Promise<number[]> {
  const { rows } = await db.query<{ number: number }>(`SELECT number FROM thing WHERE ${range} ORDER BY ${order}`, [
    timeMs,
    timeMs + 2,
  ]);
  return rows.map(({ number }) => number);
}

describe('timesBetween', () => {
  it('is of the rows after one time and up to another, to the millisecond', async () => {
    expect(await inRange(timesBetween('time'))).toEqual([1, 2]);
  });
});

describe('uuidsBetween', () => {
  it('is of the rows whose ids have times after one and up to another', async () => {
    expect(await inRange(uuidsBetween('id'))).toEqual([1, 2]);
  });
});
