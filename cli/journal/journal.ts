/**
 * The calls that were sent and have no answer yet: one small file each, on the disk before the call leaves. A file is named by its call
 * and by the process that waits for the answer; another process takes it over by renaming it, once that one has ended. A file has one
 * content from its beginning to its end, so that a kill at any moment leaves all of it or nothing.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '@bufbuild/protobuf';
import { unfinishedSuffix, writeDurably } from '../state/durable-file.ts';
import { isOwnerRunning, ownProcess } from '../state/process-owner.ts';

/** A keyed call as it is stored. */
export type JournalEntry = {
  /** `outcry.order.v1.OrderService/PlaceOrder`. */
  rpc: string;
  key: string;
  gateway: string;
  /** Who calls, as `Session.identity` names them: the key belongs to that account. */
  identity: string;
  /** The request as proto3 JSON, with its key. */
  request: JsonObject;
  /** Unix time in ms. */
  createTimeMs: number;
};

/** An entry that this process owns. */
export type OwnedEntry = {
  entry: JournalEntry;
  /** Removes it: the call has its answer. */
  close(): void;
};

/** What is in the journal. */
export type JournalListing = {
  /** Calls without an answer whose process has ended, oldest first. */
  abandoned: JournalEntry[];
  /** Calls that a running process waits for. */
  waiting: JournalEntry[];
  /** Names of files that are no entries of this release. */
  unreadable: string[];
};

/** The journal of a state folder. */
export type Journal = {
  /** Stores an entry; once this returns it is on the disk. Throws when there are too many. */
  open(entry: JournalEntry): OwnedEntry;
  list(): JournalListing;
  /** Takes over an entry whose process has ended; undefined when another process has done so first, or it has its answer. */
  claim(entry: JournalEntry): OwnedEntry | undefined;
};

/** Entries at most; then what is there has to be settled first. */
export const entriesMax = 1_000;

const fileName = /^([0-9a-f]{32})\.([\w-]+)\.json$/;

/** The journal in `<stateDirectory>/unanswered`. `owner` names this process, see `ownProcess`. */
export function createJournal(stateDirectory: string, owner: string = ownProcess()): Journal {
  const directory = join(stateDirectory, 'unanswered');
  const owned = (entry: JournalEntry): OwnedEntry => {
    const path = join(directory, `${idOf(entry)}.${owner}.json`);
    return { entry, close: () => rmSync(path, { force: true }) };
  };
  const files = () => listFiles(directory);
  return {
    open(entry) {
      if (files().length >= entriesMax) throw new Error(`${entriesMax} calls have no answer: use \`outcry resume\``);
      writeDurably(join(directory, `${idOf(entry)}.${owner}.json`), `${JSON.stringify(entry)}\n`);
      return owned(entry);
    },
    list: () => readListing(directory, files()),
    claim(entry) {
      const file = files().find(({ id }) => id === idOf(entry));
      if (file === undefined || isOwnerRunning(file.owner)) return undefined;
      try {
        renameSync(join(directory, file.name), join(directory, `${file.id}.${owner}.json`));
        return owned(entry);
      } catch (error) {
        if (isAbsent(error)) return undefined;
        throw error;
      }
    },
  };
}

/** Whether two entries are calls under the same key. */
export function isSameCall(one: JournalEntry, other: JournalEntry): boolean {
  return idOf(one) === idOf(other);
}

function idOf({ rpc, key, gateway, identity }: JournalEntry): string {
  return createHash('sha256')
    .update(JSON.stringify([gateway, identity, rpc, key]))
    .digest('hex')
    .slice(0, 32);
}

type JournalFile = { name: string; id: string; owner: string };

function listFiles(directory: string): JournalFile[] {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  return readdirSync(directory)
    .filter((name) => !name.endsWith(unfinishedSuffix))
    .map((name) => {
      const [, id = '', owner = ''] = fileName.exec(name) ?? [];
      return { name, id, owner };
    });
}

function readListing(directory: string, files: readonly JournalFile[]): JournalListing {
  const listing: JournalListing = { abandoned: [], waiting: [], unreadable: [] };
  for (const file of files) {
    const entry = readEntry(join(directory, file.name));
    // It may have had its answer since the folder was read.
    if (entry === undefined) continue;
    if (entry === 'unreadable' || idOf(entry) !== file.id) listing.unreadable.push(file.name);
    else (isOwnerRunning(file.owner) ? listing.waiting : listing.abandoned).push(entry);
  }
  listing.abandoned.sort((one, other) => one.createTimeMs - other.createTimeMs);
  return listing;
}

function readEntry(path: string): JournalEntry | 'unreadable' | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isEntry(value) ? value : 'unreadable';
  } catch (error) {
    if (isAbsent(error)) return undefined;
    if (error instanceof SyntaxError) return 'unreadable';
    throw error;
  }
}

function isEntry(value: unknown): value is JournalEntry {
  if (typeof value !== 'object' || value === null) return false;
  const { rpc, key, gateway, identity, request, createTimeMs } = value as Record<string, unknown>;
  const areTexts = [rpc, key, gateway, identity].every((text) => typeof text === 'string');
  return areTexts && typeof request === 'object' && request !== null && typeof createTimeMs === 'number';
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
