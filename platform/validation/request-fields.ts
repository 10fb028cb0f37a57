/** Reads the fields that requests of several services have in common. The readers throw INVALID_ARGUMENT. */
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import { DecimalError, parseDecimal } from '#platform/money/decimal.ts';

const keyPattern = /^[A-Za-z0-9._:-]{1,64}$/;
const symbolPattern = /^[A-Z0-9.]{1,12}$/;

/** What is wrong with a client-made key: it has 1 to 64 characters of [A-Za-z0-9._:-]. For callers that collect problems; never throws. */
export function keyProblem(key: string): string | undefined {
  return keyPattern.test(key) ? undefined : 'must be 1 to 64 characters of [A-Za-z0-9._:-]';
}

/** A client-made key: 1 to 64 characters of [A-Za-z0-9._:-]. */
export function readKey(key: string, field = 'idempotency_key'): string {
  const problem = keyProblem(key);
  if (problem === undefined) return key;
  throw invalidArgument(field, problem);
}

/** What can be a symbol: 1 to 12 characters of [A-Z0-9.]; whether it is listed is not checked. */
export function readSymbol(field: string, symbol: string): string {
  if (symbolPattern.test(symbol)) return symbol;
  throw invalidArgument(field, 'must be 1 to 12 characters of [A-Z0-9.]');
}

/** A decimal as an integer in units of 10^-scale; `min` and `max` are inclusive and in the same unit. */
export function readDecimal(
  field: string,
  text: string,
  scale: number,
  bounds: { min?: bigint; max?: bigint } = {},
): bigint {
  try {
    return parseDecimal(text, scale, bounds);
  } catch (error) {
    if (error instanceof DecimalError) throw invalidArgument(field, error.message);
    throw error;
  }
}

/** One line of text within inclusive bounds of its length in characters, without spaces at its ends. */
export function readLine(field: string, text: string, { min, max }: { min: number; max: number }): string {
  const line = text.trim();
  const length = [...line].length;
  if (length < min || length > max) throw invalidArgument(field, `must be ${min} to ${max} characters`);
  if (/\p{Cc}|\p{Cs}|[\u2028\u2029]/u.test(line)) throw invalidArgument(field, 'must have no control characters');
  return line;
}

/** A count from 1 to `max`; 0 stands for `fallback`. */
export function readCount(field: string, count: number, { fallback, max }: { fallback: number; max: number }): number {
  if (count < 0 || count > max) throw invalidArgument(field, `must be 0 to ${max}`);
  return count === 0 ? fallback : count;
}
