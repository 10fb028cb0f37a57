import { readFileSync } from 'node:fs';

/**
 * A snapshot that an earlier release wrote in format 2, and the hash of its state. In it an IOC order 2 of `s` traded 4 lots with order 1,
 * and a replace `raise` of order 3 traded 3 lots; then a cancel `end` ended order 3.
 */
export function readFormat2(): { stateHash: string; parts: Uint8Array[] } {
  const stored = JSON.parse(readFileSync(new URL('./format-2.json', import.meta.url), 'utf8'));
  return { stateHash: stored.stateHash, parts: stored.parts.map((part: string) => Buffer.from(part, 'base64')) };
}
