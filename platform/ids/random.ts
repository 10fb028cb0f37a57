/** Random bytes from a pool: one system call for many ids. */
import { randomFillSync } from 'node:crypto';

const pool = Buffer.allocUnsafe(8_192);
let used = pool.length;

/** `count` random bytes in lower-case hex; `count` is 1 to 64. */
export function randomHex(count: number): string {
  if (used + count > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += count;
  return pool.toString('hex', used - count, used);
}
