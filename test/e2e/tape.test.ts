/** A recorded day is played through fresh systems: always the same candles, fills and profit and loss, also by a player that was killed. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { type RunningSystem, startSystem } from '../../supervisor/testing/index.ts';
import { createTestClient } from '../support/clients.ts';
import { type Investor, limitTerms, placeOrder, registerInvestor } from '../support/investor.ts';
import { logInAdmin } from '../support/market.ts';
import { outcomeOf, runTape, startTape, type Trading, tapeAccounts, writeTape } from '../support/tape-scene.ts';
import type { TestClient } from '../support/test-client.ts';

/** One trades without end, the other has an opening auction at 13:30. */
const symbols = ['ACME', 'HUDS'];

/** A quote of each minute, and a trade at its ask, at its bid or between them. */
function dayRows(): string[] {
  const rows: string[] = [];
  for (let minute = 0; minute < 14; minute += 1) {
    const time = (second: string) => `2026-03-10T13:${String(minute + 26)}:${second}Z`;
    const cents = 187_00 + ((minute * 7) % 5) * 10;
    const price = (add: number) => ((cents + add) / 100).toFixed(2);
    if (minute === 3) rows.push(`${time('00.000')},auction,HUDS,58.20,30`);
    rows.push(`${time('10.000')},quote,ACME,${price(-5)},20,${price(5)},20`);
    if (minute < 4) continue;
    const [add = 0, side] =
      (
        [
          [5, 'buy'],
          [-5, 'sell'],
          [0, 'buy'],
        ] as const
      )[minute % 3] ?? [];
    rows.push(`${time('10.250')},trade,ACME,${price(add)},${minute},${side}`);
    rows.push(`${time('10.250')},quote,HUDS,58.00,9,58.${20 + minute},9`);
    rows.push(`${time('40.007')},trade,HUDS,58.${20 + minute},2,buy`);
  }
  return rows;
}

const patience = { timeoutMs: 30_000 };
const middle = '2026-03-10T13:33:00Z';
/** Two of them the investor's. */
const trades = { toMiddle: 9, inAll: 23 };

/** The recorded day of the examples. */
const shipped = join(import.meta.dirname, '..', '..', 'examples', 'tapes', '2026-03-10.csv.gz');

type Scene = { system: RunningSystem; client: TestClient; investor: Investor; accounts: Trading[] };

let directory: string;
let tape: string;
let scenes: Scene[];

/** A system that has played a tape of one row, as `npm start -- --tape` does. */
async function openScene(opening: string): Promise<Scene> {
  const system = await startSystem({ flags: ['--tape', opening, '--speed', 'max'] });
  scenes.push({ system } as Scene);
  await eventually(() => expect(system.output()).toContain('1 orders, refused: none'), { timeoutMs: 90_000 });
  const client = createTestClient('connect', system.gatewayUrl);
  const admin = await logInAdmin(client, system);
  const investor = await registerInvestor(client);
  const accounts = [{ ...investor, issued: 0 }, ...(await tapeAccounts(admin))];
  return { system, client, investor, accounts };
}

/** What `npm run tape -- outcome` writes and prints. */
async function writtenOutcome(system: RunningSystem, index: number): Promise<{ lines: string; counts: unknown }> {
  const path = join(directory, `outcome-${index}`);
  const counts: unknown = JSON.parse(await runTape(system, 'outcome', path));
  return { lines: readFileSync(path, 'utf8'), counts };
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'outcry-tape-day-'));
  tape = writeTape(directory, 'day.csv', dayRows());
  const opening = writeTape(directory, 'opening.csv', ['2026-03-10T13:24:00.000Z,quote,HUDS,57.00,1,,']);
  scenes = [];
  for (const place of [0, 1]) scenes[place] = await openScene(opening);
}, 240_000);

afterAll(async () => {
  for (const { system } of scenes) await system[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true, force: true });
}, 120_000);

describe('a tape', () => {
  it('gives the same to the byte in two fresh systems, beside orders of an investor', {
    timeout: 120_000,
  }, async () => {
    const outcomes: string[] = [];
    for (const { system, client, investor, accounts } of scenes) {
      await runTape(system, 'play', tape, '--speed', 'max', '--to', '2026-03-10T13:30:30Z');
      // The first rests between the quotes of the tape, the second takes what it quotes.
      await placeOrder(investor, limitTerms('BUY', 'ACME', '3', '187.28'));
      await placeOrder(investor, limitTerms('BUY', 'HUDS', '1', '58.30'));
      const printed = await runTape(system, 'play', tape, '--speed', 'max', '--to', middle, '--json');
      expect(JSON.parse(printed)).toMatchObject({ refused: {}, offTime: 0, time: '2026-03-10T13:33:00.000Z' });
      outcomes.push(await outcomeOf(client, { symbols, accounts, trades: trades.toMiddle }));
    }
    expect(outcomes[1]).toBe(outcomes[0]);
  });

  it('keeps up at 100 times, and gives the same when its player was killed', { timeout: 120_000 }, async () => {
    const [whole, killed] = scenes as [Scene, Scene];
    const { behindMs, behindMsMax } = JSON.parse(await runTape(whole.system, 'play', tape, '--speed', '100', '--json'));
    console.log(`100 times: at most ${Math.round(behindMsMax)} ms behind, at the end ${Math.round(behindMs)} ms`);
    expect(behindMsMax).toBeLessThan(30_000);
    // So slow that it is killed on its way, however late its trades are noticed.
    const player = startTape(killed.system, 'play', tape, '--speed', '20');
    await eventually(async () => {
      const { trades: found } = await killed.client.call('MarketService/ListTrades', { symbol: 'ACME' });
      expect((found as unknown[]).length).toBeGreaterThanOrEqual(6);
    }, patience);
    player.kill();
    expect((await player.ended).code).toBeNull();
    await runTape(killed.system, 'play', tape, '--speed', 'max');
    const outcomes: string[] = [];
    for (const { client, accounts } of [whole, killed]) {
      outcomes.push(await outcomeOf(client, { symbols, accounts, trades: trades.inAll }));
    }
    expect(outcomes[1]).toBe(outcomes[0]);
  });

  it('is what a recording of it has again', { timeout: 60_000 }, async () => {
    const [{ system }] = scenes as [Scene];
    const recorded = join(directory, 'recorded.csv');
    await runTape(system, 'record', recorded, '--symbols', symbols.join(','), '--from', '2026-03-10T13:26:00Z');
    const isTraded = (row: string) => /,(?:trade|auction),/.test(row);
    const rows = readFileSync(recorded, 'utf8').split('\n').filter(isTraded);
    expect(rows).toHaveLength(trades.inAll);
    expect(rows).toEqual(expect.arrayContaining(dayRows().filter(isTraded)));
    expect(JSON.parse(await runTape(system, 'show', recorded))).toMatchObject({ symbols });
    const { code, errors } = await startTape(system, 'play', tape, '--from', '2026-03-10T14:00:00Z').ended;
    expect([code, errors]).toEqual([1, expect.stringContaining('after the end of the tape')]);
  });

  it('that is shipped is played as it was recorded, and leads to the same file of outcomes', {
    timeout: 120_000,
  }, async () => {
    const [from, to] = ['2026-03-10T13:45:00', '2026-03-10T13:46:00'];
    const rows = gunzipSync(readFileSync(shipped)).toString().split('\n');
    const played = rows.filter((row) => row.includes(',trade,') && row >= from && row < to).length;
    expect(played).toBeGreaterThan(10);
    for (const { system } of scenes) {
      const printed = await runTape(
        system,
        'play',
        shipped,
        '--speed',
        'max',
        '--from',
        `${from}Z`,
        '--to',
        `${to}Z`,
        '--json',
      );
      expect(JSON.parse(printed)).toMatchObject({ refused: {}, offTime: 0 });
    }
    await eventually(async () => {
      const outcomes = await Promise.all(scenes.map(({ system }, index) => writtenOutcome(system, index)));
      // The investor has a side of two trades.
      const inAll = trades.inAll + played;
      expect(outcomes[0]?.counts).toMatchObject({ trades: inAll, fills: 2 * inAll - 2 });
      expect(outcomes[1]?.lines).toBe(outcomes[0]?.lines);
    }, patience);
  });
});
