import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Call } from '../session.ts';
import { writeOutcome } from './outcome.ts';

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'outcry-outcome-'));
  path = join(directory, 'outcome.jsonl');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** A system whose trades come in two pages; `id` is what it made by chance. */
function systemOf(id: string): Call {
  return async (method, { symbol, interval, pageToken = '' }) => {
    if (method.endsWith('GetPortfolio')) return { portfolio: { accountId: id, cash: '1.00' } };
    if (method.endsWith('ListFills')) return { fills: [{ orderId: id, symbol, price: '5.00' }] };
    if (method.endsWith('ListCandles'))
      return { candles: interval === 'CANDLE_INTERVAL_1M' ? [{ symbol, open: '5' }] : [] };
    const trades = [{ tradeId: id, symbol, price: pageToken === '' ? '5.00' : '6.00' }];
    return { trades, nextPageToken: pageToken === '' ? 'second' : '' };
  };
}

async function written(call: Call): Promise<string> {
  const counts = await writeOutcome({
    path,
    market: call,
    accounts: { maker: call, taker: call },
    symbols: ['A', 'B'],
  });
  expect(counts).toEqual({ trades: 4, candles: 2, fills: 4, portfolios: 2 });
  return readFileSync(path, 'utf8');
}

describe('writeOutcome', () => {
  it('writes every page in the sequence of the symbols, the same for systems that differ by chance alone', async () => {
    const lines = await written(systemOf('one'));
    expect(lines.split('\n').slice(0, 4)).toEqual([
      ...['["A",{"symbol":"A","price":"5.00"}]', '["A",{"symbol":"A","price":"6.00"}]'],
      ...['["A",{"symbol":"A","open":"5"}]', '["B",{"symbol":"B","price":"5.00"}]'],
    ]);
    expect(lines.trimEnd().split('\n').at(-1)).toBe('["taker",{"cash":"1.00"}]');
    expect(await written(systemOf('other'))).toBe(lines);
  });

  it('rejects with what a later list is refused for', async () => {
    const call: Call = (method, request) =>
      method.endsWith('GetPortfolio') ? Promise.reject(new Error('away')) : systemOf('one')(method, request);
    await expect(written(call)).rejects.toThrow('away');
  });
});
