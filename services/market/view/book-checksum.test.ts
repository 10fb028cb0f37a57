import { describe, expect, it } from 'vitest';
import { bookChecksum, levelChecksum } from './book-checksum.ts';

const level = (priceTicks: bigint, quantityLots: bigint, orderCount: number) => ({
  priceTicks,
  quantityLots,
  orderCount,
});

describe('bookChecksum', () => {
  it('is the sum of the CRC-32 of the levels as the contract lays them out', () => {
    // By Python: zlib.crc32(struct.pack('<iiqi', 1, 18725, 4294967301, 3)), and of (2, 18726, 7, 1).
    expect(levelChecksum(1, level(18_725n, 4_294_967_301n, 3))).toBe(4_259_427_026);
    expect(levelChecksum(2, level(18_726n, 7n, 1))).toBe(4_044_889_440);
    const sum = bookChecksum([level(18_725n, 4_294_967_301n, 3)], [level(18_726n, 7n, 1)]);
    expect(sum).toBe((4_259_427_026 + 4_044_889_440) % 2 ** 32);
    expect(bookChecksum([], [])).toBe(0);
  });
});
