/** An exact rational number, for tests to compare rounded amounts with. */
export class Fraction {
  readonly numerator: bigint;
  /** Above 0. */
  readonly denominator: bigint;

  constructor(numerator: bigint, denominator = 1n) {
    this.numerator = numerator;
    this.denominator = denominator;
  }

  plus(other: Fraction): Fraction {
    const numerator = this.numerator * other.denominator + other.numerator * this.denominator;
    return new Fraction(numerator, this.denominator * other.denominator);
  }

  times(factor: bigint, divisor = 1n): Fraction {
    return new Fraction(this.numerator * factor, this.denominator * divisor);
  }

  /** The least multiple of a unit above 0 that is not below it; of numbers from 0 on. */
  ceil(unit: bigint): bigint {
    const divisor = this.denominator * unit;
    return ((this.numerator + divisor - 1n) / divisor) * unit;
  }
}
