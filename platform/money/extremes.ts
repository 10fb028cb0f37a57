/** The greater of two numbers. */
export function greater(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

/** The lesser of two numbers. */
export function lesser(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

/** The greatest of numbers from 0 on; 0 of none. */
export function greatestOf(numbers: readonly bigint[]): bigint {
  return numbers.reduce(greater, 0n);
}
