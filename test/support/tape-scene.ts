/** A tape for a test, its player as a process of its own, and what it leads to. */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import type { RunningSystem } from '../../supervisor/testing/index.ts';
import type { Investor } from './investor.ts';
import type { TestClient } from './test-client.ts';

const program = join(import.meta.dirname, '..', '..', 'scripts', 'tape', 'main.ts');
const playTimeoutMs = 60_000;

/** A player that runs. */
export type Player = { kill(): void; ended: Promise<{ code: number | null; output: string; errors: string }> };

/** Starts `npm run tape` without npm. */
export function startTape({ dataDirectory }: Pick<RunningSystem, 'dataDirectory'>, ...args: string[]): Player {
  const target = args[0] === 'show' ? [] : ['--data', dataDirectory];
  const child = spawn(process.execPath, [program, ...args, ...target], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: playTimeoutMs,
    killSignal: 'SIGKILL',
  });
  let [output, errors] = ['', ''];
  child.stdout.on('data', (chunk) => {
    output += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    errors += String(chunk);
  });
  const ended = new Promise<{ code: number | null; output: string; errors: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, output, errors }));
  });
  return { kill: () => child.kill('SIGKILL'), ended };
}

/** Runs a command of `npm run tape` to its end; it must succeed. Returns what it printed. */
export async function runTape(system: RunningSystem, ...args: string[]): Promise<string> {
  const { code, output, errors } = await startTape(system, ...args).ended;
  expect(code, errors).toBe(0);
  return output;
}

/** Writes a tape of rows without their version line. Returns its path. */
export function writeTape(directory: string, name: string, rows: readonly string[]): string {
  const path = join(directory, name);
  writeFileSync(path, ['outcry-tape,1', ...rows, ''].join('\n'));
  return path;
}

type Json = Record<string, unknown>;

/** An account whose outcome counts; `issued` shares of each symbol were given to it. */
export type Trading = Pick<Investor, 'call'> & { issued: number };

/** The accounts of tapes, as an administrator sees them. */
export async function tapeAccounts(admin: Investor): Promise<Trading[]> {
  const { users = [] } = await admin.call('UserAdminService/ListUsers', { pageSize: 200 });
  const found = (users as { userId: string; email: string }[]).filter(({ email }) => email.startsWith('tape-'));
  expect(found).toHaveLength(2);
  return found
    .toSorted((a, b) => a.email.localeCompare(b.email))
    .map(({ userId: accountId }) => ({
      call: (rpc, request = {}) => admin.call(rpc, { ...request, accountId }),
      issued: 1_000_000_000,
    }));
}

const intervals = ['1S', '1M', '5M', '1H', '1D'].map((length) => `CANDLE_INTERVAL_${length}`);
/** Made by chance, or by what else the system does. */
const chance: ReadonlySet<string> = new Set([
  ...['tradeId', 'orderId', 'fillId', 'accountId', 'sequence', 'ledgerSequence', 'changeSequence'],
]);

/**
 * Trades and candles of symbols, and fills and profit and loss of accounts, as text without what is made by chance: once the books have `trades`,
 * the accounts both sides of each, and every position is that of its fills.
 */
export async function outcomeOf(
  client: TestClient,
  { symbols, accounts, trades }: { symbols: readonly string[]; accounts: readonly Trading[]; trades: number },
): Promise<string> {
  const outcome = await eventually(async () => {
    const bySymbol = await Promise.all(symbols.map((symbol) => historyOf(client, symbol)));
    expect(bySymbol.reduce((sum, history) => sum + history.trades.length, 0)).toBe(trades);
    const settled = await Promise.all(accounts.map((account) => settledFills(account, symbols)));
    // A position may be that of its fills because both are behind the market.
    expect(settled.flatMap(({ fillsBySymbol }) => fillsBySymbol.flat())).toHaveLength(2 * trades);
    return { bySymbol, accounts: settled };
  });
  return JSON.stringify(outcome, (key, value) => (chance.has(key) ? undefined : value), 1);
}

async function historyOf(client: TestClient, symbol: string) {
  const range = { symbol, oldestFirst: true, pageSize: 1_000 };
  const { trades = [] } = await client.call('MarketService/ListTrades', range);
  const candles = await Promise.all(
    intervals.map(async (interval) => (await client.call('MarketService/ListCandles', { ...range, interval })).candles),
  );
  return { trades: trades as Json[], candles };
}

async function settledFills({ call, issued }: Trading, symbols: readonly string[]) {
  const { portfolio } = (await call('PortfolioService/GetPortfolio')) as { portfolio: { positions?: Json[] } };
  const fillsBySymbol: Json[][] = [];
  for (const symbol of symbols) {
    const { fills = [] } = await call('OrderService/ListFills', { symbol, pageSize: 200 });
    const signed = ({ side, quantity }: Json) => Number(quantity) * (side === 'SIDE_BUY' ? 1 : -1);
    const bought = (fills as Json[]).reduce((sum, fill) => sum + signed(fill), 0);
    const position = portfolio.positions?.find((one) => one.symbol === symbol)?.quantity;
    expect(Number(position ?? issued), symbol).toBe(issued + bought);
    fillsBySymbol.push(fills as Json[]);
  }
  return { portfolio, fillsBySymbol };
}
