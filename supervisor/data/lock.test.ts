import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { identifyProcess } from '../processes/process-identity.ts';
import { lockDataDirectory } from './lock.ts';

let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'outcry-lock-'));
  path = join(directory, 'supervisor.lock');
});

afterEach(() => rmSync(directory, { recursive: true }));

describe('lockDataDirectory', () => {
  it('is taken once and can be taken again after release', () => {
    const lock = lockDataDirectory(directory);
    expect(() => lockDataDirectory(directory)).toThrow(`already running on ${directory} (process ${process.pid})`);
    lock.release();
    expect(readdirSync(directory)).toEqual([]);
    lockDataDirectory(directory).release();
  });

  it.each([
    ['a process that ended', JSON.stringify({ pid: 2 ** 30, startTime: '1' })],
    ['a process whose pid another has now', JSON.stringify({ pid: process.pid, startTime: '1' })],
    ['no process, because it is damaged', '{"pid": 1'],
  ])('replaces the lock of %s', (_, content) => {
    writeFileSync(path, content);
    const lock = lockDataDirectory(directory);
    expect(readdirSync(directory)).toEqual(['supervisor.lock']);
    lock.release();
  });

  it('does not release the lock of another', () => {
    const lock = lockDataDirectory(directory);
    writeFileSync(path, JSON.stringify(identifyProcess(process.ppid)));
    lock.release();
    expect(existsSync(path)).toBe(true);
  });
});
