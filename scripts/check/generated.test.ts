import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compareTrees } from './generated.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'outcry-trees-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

function writeTree(name: string, files: Record<string, string>): string {
  const root = join(directory, name);
  mkdirSync(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

describe('compareTrees', () => {
  it('finds nothing in equal trees', async () => {
    const files = { 'a/b.ts': '1', 'c.ts': '2' };
    expect(await compareTrees(writeTree('fresh', files), writeTree('committed', files))).toEqual([]);
  });

  it('names each file that differs, is missing or is left over', async () => {
    const fresh = writeTree('fresh', { 'changed.ts': '1', 'new.ts': '2' });
    const committed = writeTree('committed', { 'changed.ts': '0', 'old/old.ts': '2' });
    expect((await compareTrees(fresh, committed)).map((line) => line.split(';')[0])).toEqual([
      'gen/changed.ts is not what the contracts make',
      'gen/new.ts is missing',
      'gen/old/old.ts is made by no contract',
    ]);
  });
});
