import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { subsetArchivo } from './subset.ts';

describe('subsetArchivo', () => {
  it('makes the font that is committed', async () => {
    const committed = await readFile(new URL('../../gateway/web/app/fonts/archivo.woff2', import.meta.url));
    expect((await subsetArchivo()).equals(committed)).toBe(true);
    expect(committed.length).toBeLessThan(40_000);
  });
});
