import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLogFile } from './log-file.ts';

let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'outcry-log-'));
  path = join(directory, 'order-0.log');
});

afterEach(() => rmSync(directory, { recursive: true }));

describe('openLogFile', () => {
  it('renames the log of an earlier start, and has no third', () => {
    for (const text of ['first\n', 'second\n', 'third\n']) {
      const log = openLogFile(path);
      log.write(Buffer.from(text));
      log.close();
    }
    expect(readFileSync(path, 'utf8')).toBe('third\n');
    expect(readFileSync(`${path}.1`, 'utf8')).toBe('second\n');
    expect(readdirSync(directory)).toHaveLength(2);
  });

  it('never has more than two bounded files, however much is written', () => {
    const log = openLogFile(path, { bytesMax: 1_000 });
    for (let line = 0; line < 500; line++) log.write(Buffer.from(`line ${line}\n`));
    log.close();
    expect(readdirSync(directory)).toHaveLength(2);
    expect(statSync(path).size + statSync(`${path}.1`).size).toBeLessThanOrEqual(2_000);
    expect(readFileSync(path, 'utf8')).toContain('line 499\n');
  });

  it('hands out whole lines, and remembers the last twenty and the unfinished one', () => {
    const seen: string[] = [];
    const log = openLogFile(path, { onLine: (line) => seen.push(line) });
    log.write(Buffer.from('one\ntw'));
    log.write(Buffer.from('o\nthr'));
    expect(seen).toEqual(['one', 'two']);
    expect(log.tail()).toEqual(['one', 'two', 'thr']);
    for (let line = 0; line < 30; line++) log.write(Buffer.from(`\nline ${line}`));
    expect(log.tail()).toHaveLength(21);
    log.close();
  });

  it('bounds a line that never ends', () => {
    const log = openLogFile(path);
    for (let part = 0; part < 100; part++) log.write(Buffer.alloc(1_000, 'x'));
    expect(log.tail()[0]).toHaveLength(16_384);
    log.close();
  });
});
