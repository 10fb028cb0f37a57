import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findTool } from './find-tool.ts';

describe('findTool', () => {
  it('finds a program in the folders of the PATH, and says how to get one that is absent', () => {
    const folder = mkdtempSync(join(tmpdir(), 'outcry-tool-'));
    try {
      expect(() => findTool('k6', folder)).toThrow(/k6 is not on the PATH; get it with go install/);
      writeFileSync(join(folder, 'k6'), '');
      chmodSync(join(folder, 'k6'), 0o755);
      expect(findTool('k6', `/nowhere:${folder}`)).toBe(join(folder, 'k6'));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
