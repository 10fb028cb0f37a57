/** Seals: what final rows were when they were proved. A row that changes, goes or comes afterwards is named. */
import type { StoredRow } from './row.ts';

/** What is remembered of the final rows of a block that were proved together. */
export type Seal = { rows: number; digest: bigint; content: string };

/** A difference between a block's seals and its rows. */
export type SealDifference = { key: string; kind: 'changed' | 'gone' | 'new' };

/** Seals rows; `digestOnly` for those that are named by other means. */
export function sealRows(rows: readonly Pick<StoredRow, 'key' | 'hash'>[], digestOnly = false): Seal {
  const content = digestOnly ? '' : rows.map(({ key, hash }) => `${key}\t${hash}`).join('\n');
  return { rows: rows.length, digest: digestOf(rows.map(({ hash }) => hash)), content };
}

/** The exclusive or of hashes. */
export function digestOf(hashes: Iterable<bigint>): bigint {
  let digest = 0n;
  for (const hash of hashes) digest ^= hash;
  return BigInt.asIntN(64, digest);
}

/** The sum of several seals of one block. */
export function totalOf(seals: readonly Seal[]): { rows: number; digest: bigint } {
  const rows = seals.reduce((sum, seal) => sum + seal.rows, 0);
  return { rows, digest: digestOf(seals.map(({ digest }) => digest)) };
}

/** The hashes of sealed rows by key. */
export function sealedHashes(seals: readonly Pick<Seal, 'content'>[]): Map<string, bigint> {
  const hashes = new Map<string, bigint>();
  for (const { content } of seals) {
    for (const line of content === '' ? [] : content.split('\n')) {
      const at = line.lastIndexOf('\t');
      hashes.set(line.slice(0, at), BigInt(line.slice(at + 1)));
    }
  }
  return hashes;
}

/** Compares the rows of a block with what was sealed of it. */
export function compareBlock(
  sealed: ReadonlyMap<string, bigint>,
  rows: readonly Pick<StoredRow, 'key' | 'hash'>[],
): SealDifference[] {
  const differences: SealDifference[] = [];
  const present = new Set<string>();
  for (const { key, hash } of rows) {
    present.add(key);
    const before = sealed.get(key);
    if (before === undefined) differences.push({ key, kind: 'new' });
    else if (before !== hash) differences.push({ key, kind: 'changed' });
  }
  for (const key of sealed.keys()) if (!present.has(key)) differences.push({ key, kind: 'gone' });
  return differences;
}
