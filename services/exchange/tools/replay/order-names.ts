import { hash } from 'node:crypto';
import type { EngineEvent } from '../../engine/model/events.ts';
import { formatUuid, parseUuid } from '../../engine/model/uuid.ts';
import type { CommandColumn, CommandLine } from './command-line.ts';

/** The first byte of the id of a name of up to 15 bytes is this plus its length; the name follows. */
const shortMark = 0xe0;
const shortBytesMax = 15;
/** The first byte of the id of a longer name, which is a hash. */
const longMark = 0xff;

const bytes = Buffer.alloc(16);
const words = new Uint32Array(4);

/**
 * Maps the order ids of a file, which are any text, to UUIDs and back. A canonical UUID is its own id; a short name is contained in its
 * id; the id of a long name is a hash, and the long names of live orders are stored.
 */
export class OrderNames {
  readonly #longNames = new Map<string, string>();
  /** Revisions of live orders that were replaced. */
  readonly #revisions = new Map<string, number>();
  readonly #current = new Map<string, string>();
  #lastId = '';
  #lastName = '';

  /** The UUID of a non-empty name. */
  idOf(name: string): string {
    if (parseUuid(name, words) && !isMark((words[0] ?? 0) >>> 24)) return name;
    const length = name.length <= shortBytesMax ? encode(name) : -1;
    if (length > 0) return shortId(length);
    const id = longId(name);
    this.#current.set(id, name);
    return id;
  }

  /** The UUID of the name in a non-empty column. */
  idOfColumn(line: CommandLine, column: CommandColumn): string {
    return line.copyAscii(column, bytes) ? shortId(line.length(column)) : this.idOf(line.text(column));
  }

  /** Discards the names of orders that are not live. Called after the lines of a command are written. */
  end(): void {
    this.#lastId = '';
    if (this.#current.size > 0) this.#current.clear();
  }

  /** The name of a live order, or of an order in the present command. */
  nameOf(id: string): string {
    // Consecutive events often refer to the same order.
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

  /** The revision of a live order by its events; 1 for any other order. */
  revisionOf(id: string): number {
    return this.#revisions.get(id) ?? 1;
  }

  /** Updates the names and revisions with an event. */
  observe(event: EngineEvent): void {
    if (event.kind === 'accepted') this.#store(event.order.orderId);
    else if (event.kind === 'cancelled') this.#discard(event.orderId);
    else if (event.kind === 'replaced') this.#revisions.set(event.orderId, event.revision);
    else if (event.kind === 'traded') {
      if (event.maker.remainingLots === 0) this.#discard(event.maker.orderId);
      if (event.taker.remainingLots === 0) this.#discard(event.taker.orderId);
    }
  }

  #store(id: string): void {
    if (this.#current.size === 0) return;
    const name = this.#current.get(id);
    if (name !== undefined) this.#longNames.set(id, name);
  }

  #discard(id: string): void {
    if (this.#revisions.size > 0) this.#revisions.delete(id);
    if (this.#longNames.size === 0) return;
    // Further lines of this command may refer to it.
    const name = this.#longNames.get(id);
    if (name !== undefined) this.#current.set(id, name);
    this.#longNames.delete(id);
  }
}

function isMark(first: number): boolean {
  return first === longMark || (first > shortMark && first <= shortMark + shortBytesMax);
}

/** Writes a name after the first byte. Returns its length in UTF-8, or -1 if it is too long. */
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
  // A lone surrogate has no UTF-8 encoding.
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
