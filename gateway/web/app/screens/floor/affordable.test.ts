import { describe, expect, it } from 'vitest';
import { affordable } from './affordable.ts';

const micros = (amount: number) => BigInt(Math.round(amount * 1e6));
const purse = { price: micros(100), feeBps: 10, lot: micros(1) };

describe('affordable', () => {
  it('leaves as much as the fee takes: 10 at 100.00 with 0.10 % cost 1,001.00', () => {
    expect(affordable({ ...purse, cash: micros(1_001) })).toBe(micros(10));
    expect(affordable({ ...purse, cash: micros(1_000.99) })).toBe(micros(9));
  });

  it('counts the fee rounded up to the cent', () => {
    expect(affordable({ cash: micros(33.36), price: micros(11.11), feeBps: 5, lot: micros(1) })).toBe(micros(3));
    expect(affordable({ cash: micros(33.34), price: micros(11.11), feeBps: 5, lot: micros(1) })).toBe(micros(2));
  });

  it('is none without cash or without a price', () => {
    expect(affordable({ ...purse, cash: 0n })).toBe(0n);
    expect(affordable({ ...purse, cash: micros(50), price: 0n })).toBe(0n);
  });
});
