/** Rows as a store would send them. */
import type { StoredRow } from '../domain/row.ts';

/** FNV-1a. */
export function hashOf(text: string): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return BigInt.asIntN(64, hash);
}

/** A row with these values. */
export function rowOf(key: string, values: Record<string, string | number | bigint | boolean>): StoredRow {
  const texts = Object.entries(values).map(([name, value]) => [name, String(value)]);
  return { key, values: Object.fromEntries(texts), hash: hashOf(`${key} ${JSON.stringify(texts)}`), block: '0' };
}
