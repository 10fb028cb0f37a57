/** Identifiers that carry their creation time (UUID version 7, RFC 9562 section 5.7). */
import { hash } from 'node:crypto';
import { randomHex } from './random.ts';

const pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** A new UUIDv7 in canonical lower-case text. `nowMs` is Unix time in milliseconds, 0 to 2^48 - 1, default now. */
export function uuidV7(nowMs: number = Date.now()): string {
  return build(nowMs, randomHex(10));
}

/**
 * A new UUIDv7 that sorts by `rank`, 0 to 4,095, among those of the same millisecond: for what happened in a known order. `timeMs` as in `uuidV7`.
 */
export function uuidV7Ranked(timeMs: number, rank: number): string {
  return build(timeMs, rank.toString(16).padStart(3, '0') + randomHex(8));
}

function build(timeMs: number, random: string): string {
  const time = timeMs.toString(16).padStart(12, '0');
  const variant = ((Number.parseInt(random[3] as string, 16) & 0x3) | 0x8).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(0, 3)}-${variant}${random.slice(4, 7)}-${random.slice(7, 19)}`;
}

/**
 * The UUIDv7 of a name: the same time and name give the same id, others another one. For what may be written again after it was lost.
 * `timeMs` as in `uuidV7`.
 */
export function uuidV7Of(timeMs: number, name: string): string {
  return build(timeMs, hash('sha256', name).slice(0, 19));
}

/**
 * The UUIDv7 of a fact about what another id names, with the time of that id: the same fact always has the same id, so that its event can be
 * looked for. The time is 0 where the other id is no UUIDv7.
 */
export function uuidV7OfFact(about: string, fact: string): string {
  return uuidV7Of(isUuidV7(about) ? uuidV7TimeMs(about) : 0, `${about} ${fact}`);
}

/** Sorts before every UUIDv7 of this millisecond and after those before it, and is none itself. `timeMs` as in `uuidV7`. */
export function uuidV7Floor(timeMs: number): string {
  const time = timeMs.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-0000-0000-000000000000`;
}

/** Whether the text is a UUIDv7 in canonical lower-case form. */
export function isUuidV7(text: string): boolean {
  return pattern.test(text);
}

/** The creation time inside a UUIDv7, Unix milliseconds. Throws RangeError when the text is no UUIDv7. */
export function uuidV7TimeMs(id: string): number {
  if (!isUuidV7(id)) throw new RangeError('not a UUIDv7');
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}
