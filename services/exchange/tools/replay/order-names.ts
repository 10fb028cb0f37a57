import { hash } from 'node:crypto';
import type { EngineEvent } from '../../engine/model/events.ts';
import { formatUuid, parseUuid } from '../../engine/model/uuid.ts';
import type { CommandColumn, CommandLine } from './command-line.ts';

/** A name of up to 15 bytes is in its id: this and its length in the first byte, then the bytes. */
const shortMark = 0xe0;
const shortBytesMax = 15;
/** A longer one is hashed; this is the first byte. */
const longMark = 0xff;

const bytes = Buffer.alloc(16);
const words = new Uint32Array(4);

/**
 * Order ids of a file, which are any text, as the UUIDs that the engine knows, and back. A canonical UUID is its own; a short name
 * is written into the id itself; of long names the id is a hash, and the names of those that are live are kept.
 */
export class OrderNames {
  readonly #longNames = new Map<string, string>();
  /** Revisions of live orders that were replaced. */
  readonly #revisions = new Map<string, number>();
  readonly #current = new Map<string, string>();
  #lastId = '';
  #lastName = '';

  /** The UUID of a name, which is not empty. */
  idOf(name: string): string {
    if (parseUuid(name, words) && !isMark((words[0] ?? 0) >>> 24)) return name;
    const length = name.length <= shortBytesMax ? encode(name) : -1;
    if (length > 0) return shortId(length);
    const id = longId(name);
    this.#current.set(id, name);
    return id;
  }

  /** The UUID of the name in a column, which is not empty. */
  idOfColumn(line: CommandLine, column: CommandColumn): string {
    return line.copyAscii(column, bytes) ? shortId(line.length(column)) : this.idOf(line.text(column));
  }

  /** Forgets names that are not those of live orders. Called when the lines of a command are written. */
  end(): void {
    this.#lastId = '';
    if (this.#current.size > 0) this.#current.clear();
  }

  /** The name of a live order, or of one that this command names. */
  nameOf(id: string): string {
    // An order is named by some events one behind the other.
    if (id === this.#lastId) return this.#lastName;
    this.#lastId = id;
    this.#lastName = this.#findName(id);
    return this.#lastName;
  }

  #findName(id: string): string {
    if (!parseUuid(id, words)) return id;
    const first = (words[0] ?? 0) >>> 24;
    if (first === longMark) return this.#longNames.get(id) ?? this.#current.get(id) ?? id;
    if (!isMark(first)) return id;
    for (let i = 0; i < 16; i++) bytes[i] = (words[i >> 2] ?? 0) >>> (24 - (i & 3) * 8);
    return bytes.toString('utf8', 1, 1 + first - shortMark);
  }

  /** The revision of a live order as far as events told; 1 for any other. */
  revisionOf(id: string): number {
    return this.#revisions.get(id) ?? 1;
  }

  /** Learns from an event that was written. */
  observe(event: EngineEvent): void {
    if (event.kind === 'accepted') this.#keep(event.order.orderId);
    else if (event.kind === 'cancelled') this.#forget(event.orderId);
    else if (event.kind === 'replaced') this.#revisions.set(event.orderId, event.revision);
    else if (event.kind === 'traded') {
      if (event.maker.remainingLots === 0) this.#forget(event.maker.orderId);
      if (event.taker.remainingLots === 0) this.#forget(event.taker.orderId);
    }
  }

  #keep(id: string): void {
    if (this.#current.size === 0) return;
    const name = this.#current.get(id);
    if (name !== undefined) this.#longNames.set(id, name);
  }

  #forget(id: string): void {
    if (this.#revisions.size > 0) this.#revisions.delete(id);
    if (this.#longNames.size === 0) return;
    // The lines of this command still name it.
    const name = this.#longNames.get(id);
    if (name !== undefined) this.#current.set(id, name);
    this.#longNames.delete(id);
  }
}

function isMark(first: number): boolean {
  return first === longMark || (first > shortMark && first <= shortMark + shortBytesMax);
}

/** Writes a name behind the first byte; its length in UTF-8, or -1 when it is too long. */
function encode(name: string): number {
  bytes.fill(0);
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i);
    if (code > 127) return encodeWide(name);
    bytes[i + 1] = code;
  }
  return name.length;
}

function encodeWide(name: string): number {
  // Half of a surrogate pair has no bytes of its own.
  if (!name.isWellFormed()) return -1;
  const encoded = Buffer.from(name);
  if (encoded.length > shortBytesMax) return -1;
  bytes.fill(0);
  bytes.set(encoded, 1);
  return encoded.length;
}

function shortId(length: number): string {
  bytes[0] = shortMark + length;
  return idOfBytes(bytes);
}

function longId(name: string): string {
  const digest = hash('sha256', name, 'buffer');
  digest[0] = longMark;
  return idOfBytes(digest);
}

function idOfBytes(from: Uint8Array): string {
  for (let word = 0; word < 4; word++) {
    let value = 0;
    for (let i = word * 4; i < word * 4 + 4; i++) value = (value << 8) | (from[i] ?? 0);
    words[word] = value;
  }
  return formatUuid(words, 0);
}
