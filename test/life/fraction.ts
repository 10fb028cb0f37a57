/** Exact fractions: the slow model divides where the product counts in whole millionths. */

/** A number of any size, as a numerator over a positive denominator. It is never rounded. */
export class Fraction {
  readonly #top: bigint;
  readonly #bottom: bigint;

  constructor(top: bigint, bottom = 1n) {
    if (bottom <= 0n) throw new Error('the denominator of a fraction is above 0');
    this.#top = top;
    this.#bottom = bottom;
  }

  /** The value of a decimal text, such as `12.5`; an empty one is 0. Throws for any other text. */
  static of(text: string | undefined): Fraction {
    const [, sign = '', whole = '', part = ''] = /^(-?)(\d*)(?:\.(\d+))?$/.exec(text ?? '') ?? [undefined, 'x'];
    if (sign === 'x') throw new Error(`${text} is no decimal`);
    const top = BigInt(`${whole}${part}` || '0');
    return new Fraction(sign === '-' ? -top : top, 10n ** BigInt(part.length));
  }

  plus(other: Fraction): Fraction {
    return new Fraction(this.#top * other.#bottom + other.#top * this.#bottom, this.#bottom * other.#bottom).#reduced();
  }

  minus(other: Fraction): Fraction {
    return this.plus(new Fraction(-other.#top, other.#bottom));
  }

  times(other: Fraction): Fraction {
    return new Fraction(this.#top * other.#top, this.#bottom * other.#bottom).#reduced();
  }

  /** The least multiple of a positive `unit` that is not below this. */
  upTo(unit: Fraction): Fraction {
    const [top, bottom] = [this.#top * unit.#bottom, this.#bottom * unit.#top];
    const whole = top / bottom + (top % bottom > 0n ? 1n : 0n);
    return unit.times(new Fraction(whole));
  }

  isAbove(other: Fraction): boolean {
    return this.#top * other.#bottom > other.#top * this.#bottom;
  }

  /** As a decimal of six places. Throws when it has more. */
  toString(): string {
    const scaled = this.#top * 1_000_000n;
    if (scaled % this.#bottom !== 0n) throw new Error(`${this.#top}/${this.#bottom} has more than six places`);
    const micros = scaled / this.#bottom;
    const digits = String(micros < 0n ? -micros : micros).padStart(7, '0');
    return `${micros < 0n ? '-' : ''}${digits.slice(0, -6)}.${digits.slice(-6)}`;
  }

  #reduced(): Fraction {
    let [a, b] = [this.#top < 0n ? -this.#top : this.#top, this.#bottom];
    while (b !== 0n) [a, b] = [b, a % b];
    return a <= 1n ? this : new Fraction(this.#top / a, this.#bottom / a);
  }
}

/** None. */
export const zero = new Fraction(0n);
