import { readFileSync } from 'node:fs';

/** Snapshots that earlier releases wrote: the bytes of their parts, and the hash of their state. */
export type StoredSnapshot = { stateHash: string; parts: Uint8Array[] };

/** A snapshot in format 3 of the engine after the stored groups of rule version 3: all kinds of orders, lists, sessions and command ids. */
export function readFormat3(): StoredSnapshot {
  return read('./format-3.json');
}

/**
 * A snapshot that an earlier release wrote in format 2, and the hash of its state. In it an IOC order 2 of `s` traded 4 lots with order 1,
 * and a replace `raise` of order 3 traded 3 lots; then a cancel `end` ended order 3.
 */
export function readFormat2(): StoredSnapshot {
  return read('./format-2.json');
}

function read(file: string): StoredSnapshot {
  const stored = JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'));
  return { stateHash: stored.stateHash, parts: stored.parts.map((part: string) => Buffer.from(part, 'base64')) };
}
