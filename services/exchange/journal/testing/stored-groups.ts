/** Groups of journals that earlier releases wrote, with what they led to. */
import { readFileSync } from 'node:fs';

/** A group: its journalled time in Unix milliseconds, its commands and events as base64, and the state hash after it. */
export type StoredGroup = { timeMs: number; commands: string; events: string; stateHash: string };

/** The groups of a rule version. They are written by no release that comes after it. */
export function readStoredGroups(ruleVersion: 1 | 2 | 3 | 4): StoredGroup[] {
  return JSON.parse(readFileSync(new URL(`./rules-${ruleVersion}-groups.json`, import.meta.url), 'utf8'));
}
