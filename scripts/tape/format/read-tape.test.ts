import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTape, type Steps, summarize } from './read-tape.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'outcry-tape-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const header = 'outcry-tape,1\n';
const row = (second: string, rest = 'trade,HUDS,59.00,1,buy') => `2026-03-10T10:00:${second}.000Z,${rest}\n`;
const steps: ReadonlyMap<string, Steps> = new Map([['HUDS', { tick: 10_000n, lot: 1_000_000n }]]);

function write(name: string, contents: string | Buffer): string {
  const path = join(directory, name);
  writeFileSync(path, contents);
  return path;
}

async function linesOf(path: string): Promise<number[]> {
  const lines: number[] = [];
  for await (const { line } of readTape(path, steps)) lines.push(line);
  return lines;
}

describe('readTape', () => {
  it('reads plain and gzip files with either end of line, also without one at the end', async () => {
    const text = header + row('01') + row('01', 'quote,HUDS,58.00,2,,') + row('02').trim();
    expect(await linesOf(write('a.csv', text))).toEqual([2, 3, 4]);
    expect(await linesOf(write('a.csv.gz', gzipSync(text.replaceAll('\n', '\r\n'))))).toEqual([2, 3, 4]);
    const [plain, packed] = [await summarize(join(directory, 'a.csv')), await summarize(join(directory, 'a.csv.gz'))];
    expect(packed).toEqual(plain);
    expect(plain).toMatchObject({ rows: 3, symbols: ['HUDS'], lastMs: plain.firstMs + 1_000 });
  });

  it.each([
    ['nothing', '', 'line 0: the file is empty'],
    ['another version', `outcry-tape,2\n${row('01')}`, "line 1: the first line is not 'outcry-tape,1'"],
    ['a damaged row', `${header}${row('01')}x\n`, 'line 3: the time'],
    ['an earlier time', header + row('02') + row('01'), 'line 3: the time is before'],
    ['an unknown instrument', header + row('01', 'trade,NONE,59.00,1,buy'), 'line 2: there is no instrument NONE'],
    ['a price between ticks', header + row('01', 'quote,HUDS,59.001,1,,'), 'line 2: a price is no multiple'],
    ['a part of a lot', header + row('01', 'trade,HUDS,59.00,0.5,buy'), 'line 2: a quantity is no multiple'],
    ['an endless line', header + 'x'.repeat(1_000_000), 'line 2: the line has more than 200'],
  ])('stops at %s with the number of the line', async (_name, text, why) => {
    await expect(linesOf(write('wrong.csv', text))).rejects.toThrow(why);
  });

  it('stops at a file that was cut off, that is no gzip, or that is not there', async () => {
    const packed = gzipSync(header + Array.from({ length: 50 }, () => row('01')).join(''));
    const wrong = [packed.subarray(0, packed.length - 9), Buffer.from('plain')];
    for (const bytes of wrong) {
      await expect(linesOf(write('cut.csv.gz', bytes))).rejects.toThrow('damaged or cut off');
    }
    await expect(linesOf(join(directory, 'none.csv'))).rejects.toThrow('ENOENT');
    await expect(linesOf(join(directory, 'none.csv.gz'))).rejects.toThrow('ENOENT');
    await expect(summarize(write('no-rows.csv', header))).rejects.toThrow('has no rows');
  });
});
