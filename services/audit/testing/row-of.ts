/** Rows as a store would send them. */
import { crc32 } from 'node:zlib';
import type { StoredRow } from '../domain/row.ts';

/** A hash of 64 bits, spread from one of 32: histories have thousands of rows. */
export function hashOf(text: string): bigint {
  return BigInt.asIntN(64, BigInt(crc32(text)) * 0x9e3779b97f4a7c15n);
}

/** A row with these values. */
export function rowOf(key: string, values: Record<string, string | number | bigint | boolean>): StoredRow {
  const texts = Object.entries(values).map(([name, value]) => [name, String(value)]);
  return { key, values: Object.fromEntries(texts), hash: hashOf(`${key} ${JSON.stringify(texts)}`), block: '0' };
}
