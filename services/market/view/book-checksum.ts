/** The checksum of a book, as the exchange computes it: see LevelChanged.book_checksum in the contract. */
import { crc32 } from 'node:zlib';
import type { Level } from '../domain/book-side.ts';

const levelBytes = Buffer.alloc(20);

/** CRC-32 of a level as 20 bytes, little endian: side (1 buy, 2 sell), price in ticks, lots, orders; 0 for one without orders. */
export function levelChecksum(side: 1 | 2, { priceTicks, quantityLots, orderCount }: Level): number {
  if (orderCount === 0) return 0;
  levelBytes.writeInt32LE(side, 0);
  levelBytes.writeInt32LE(Number(priceTicks), 4);
  levelBytes.writeBigInt64LE(quantityLots, 8);
  levelBytes.writeInt32LE(orderCount, 16);
  return crc32(levelBytes);
}

/** The sum over the levels of both sides, modulo 2^32. */
export function bookChecksum(bids: readonly Level[], asks: readonly Level[]): number {
  let sum = 0;
  for (const level of bids) sum = (sum + levelChecksum(1, level)) >>> 0;
  for (const level of asks) sum = (sum + levelChecksum(2, level)) >>> 0;
  return sum;
}
