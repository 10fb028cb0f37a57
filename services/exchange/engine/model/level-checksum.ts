import { highWord } from './columns.ts';

const table = new Int32Array(256).map((_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

/**
 * CRC-32 (IEEE 802.3) of a price level as 20 bytes, little endian: side, price in ticks, lots (two words), orders. 0 for a level
 * without orders. The checksum of a book is the sum over its levels, modulo 2^32, and so does not depend on their order.
 */
export function levelChecksum(side: number, price: number, lots: number, orders: number): number {
  if (orders === 0) return 0;
  let crc = word(-1, side);
  crc = word(crc, price);
  crc = word(crc, lots | 0);
  crc = word(crc, highWord(lots));
  return ~word(crc, orders);
}

function word(crc: number, value: number): number {
  let x = crc ^ value;
  x = (x >>> 8) ^ table[x & 255]!;
  x = (x >>> 8) ^ table[x & 255]!;
  x = (x >>> 8) ^ table[x & 255]!;
  return (x >>> 8) ^ table[x & 255]!;
}
