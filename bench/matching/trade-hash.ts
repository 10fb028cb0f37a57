/** Counts trades and hashes them in order: two books with equal hashes made the same trades in the same order. */
export class TradeHash {
  count = 0;
  lots = 0;
  #low = 0x811c9dc5;
  #high = 0x1b873593;

  /** Adds a trade by the numbers of its orders. */
  add(maker: number, taker: number, priceTicks: number, lots: number): void {
    this.count++;
    this.lots += lots;
    this.#mix(maker);
    this.#mix(taker);
    this.#mix(priceTicks);
    this.#mix(lots);
  }

  /** Count, lots and 64 bits of hash. */
  digest(): string {
    const hex = (word: number) => (word >>> 0).toString(16).padStart(8, '0');
    return `${this.count}-${this.lots}-${hex(this.#high)}${hex(this.#low)}`;
  }

  // FNV-1a beside a multiply-rotate step: not cryptographic, but an error in a book changes at least one of them.
  #mix(value: number): void {
    this.#low = Math.imul(this.#low ^ value, 0x01000193);
    const turned = Math.imul(this.#high ^ value, 0xcc9e2d51 | 0);
    this.#high = ((turned << 13) | (turned >>> 19)) ^ this.#low;
  }
}
