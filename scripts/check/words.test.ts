import { describe, expect, test } from 'vitest';
import { findForbiddenWords } from './words.ts';

function problems(text: string): string[] {
  return findForbiddenWords([{ path: 'a.ts', text }]);
}

describe('findForbiddenWords', () => {
  test.each([
    [`// ${'TO'}${'DO'} later`],
    [`cd ${'/'}work/main`],
    [`"${'/'}home/me/file"`],
    [`https://registry.npmjs${'.'}org/x`],
    [`// ${'@ts'}-ignore`],
    [`x as ${'any'}`],
    [`// ${'biome'}-ignore lint/a/b`],
    [`if (import.meta.${'main'}) run();`],
  ])('finds %j with its place', (line) => {
    expect(problems(`first\n${line}\n`)).toEqual([expect.stringMatching(/^a\.ts:2 '/)]);
  });

  test.each([
    ['services/work/main.ts'],
    ['https://example.com/home/page'],
    ['todo list'],
    [`// ${'biome'}-ignore lint/a/b: the loop must run one after the other`],
  ])('leaves %j alone', (line) => {
    expect(problems(line)).toEqual([]);
  });
});
