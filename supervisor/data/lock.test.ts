import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lockDataDirectory } from './lock.ts';
import { identifyProcess } from './process-identity.ts';

let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'outcry-lock-'));
  path = join(directory, 'supervisor.lock');
});

afterEach(() => rmSync(directory, { recursive: true }));

describe('lockDataDirectory', () => {
  test('is taken once and can be taken again after release', () => {
    const lock = lockDataDirectory(directory);
    expect(() => lockDataDirectory(directory)).toThrow(`already running on ${directory} (process ${process.pid})`);
    lock.release();
    expect(readdirSync(directory)).toEqual([]);
    lockDataDirectory(directory).release();
  });

  test.each([
    ['a process that ended', JSON.stringify({ pid: 2 ** 30, startTime: '1' })],
    ['a process whose pid another has now', JSON.stringify({ pid: process.pid, startTime: '1' })],
    ['nobody, because it is damaged', '{"pid": 1'],
  ])('replaces the lock of %s', (_, content) => {
    writeFileSync(path, content);
    const lock = lockDataDirectory(directory);
    expect(readdirSync(directory)).toEqual(['supervisor.lock']);
    lock.release();
  });

  test('does not release the lock of another', () => {
    const lock = lockDataDirectory(directory);
    writeFileSync(path, JSON.stringify(identifyProcess(process.ppid)));
    lock.release();
    expect(existsSync(path)).toBe(true);
  });
});
