/** Cash inside: micros, millionths of the currency (USD). An amount is kept as an integer: the decimal times 10^scale. */
export const CASH_SCALE = 6;
/** Cash that crosses to the outside world: cents. */
export const CENT_SCALE = 2;
/** Micros of a cent. */
export const microsPerCent = 10n ** BigInt(CASH_SCALE - CENT_SCALE);
/** Share quantities inside ledger and portfolio: millionths of a share. */
export const QUANTITY_SCALE = 6;
/** Prices in the public API have at most six decimals. */
export const PRICE_SCALE = 6;

const pattern = /^(-?)(0|[1-9]\d{0,17})(?:\.(\d{1,40}))?$/;

/** The text is no decimal, too fine, or out of range. The message is safe for the caller. */
export class DecimalError extends Error {
  override name = 'DecimalError';
}

/**
 * Reads a plain decimal (`-12.50`; no exponent, no plus sign, at most 18 digits before the point) as an integer in units
 * of 10^-scale. Zeros past the scale are allowed, other digits there are not. `min` and `max` are inclusive and in the
 * same units. Throws DecimalError.
 */
export function parseDecimal(text: string, scale: number, options: { min?: bigint; max?: bigint } = {}): bigint {
  const match = pattern.exec(text);
  if (!match) throw new DecimalError('must be a plain decimal number such as 187.25');
  const [, sign, whole = '', fraction = ''] = match;
  if (/[1-9]/.test(fraction.slice(scale))) throw new DecimalError(`must have at most ${scale} decimals`);
  const magnitude = BigInt(whole + fraction.slice(0, scale).padEnd(scale, '0'));
  const value = sign === '-' ? -magnitude : magnitude;
  const { min, max } = options;
  if (min !== undefined && value < min) throw new DecimalError(`must be at least ${formatDecimal(min, scale)}`);
  if (max !== undefined && value > max) throw new DecimalError(`must be at most ${formatDecimal(max, scale)}`);
  return value;
}

/**
 * Writes an integer in units of 10^-scale as a decimal. Zeros at the end are dropped down to `minDecimals`.
 */
export function formatDecimal(value: bigint, scale: number, minDecimals = 0): string {
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
  const point = digits.length - scale;
  let end = digits.length;
  while (end > point + minDecimals && digits[end - 1] === '0') end -= 1;
  const whole = (value < 0n ? '-' : '') + digits.slice(0, point);
  return end > point ? `${whole}.${digits.slice(point, end)}` : whole;
}

/** Writes cash in micros as a decimal with 2 to 6 places. */
export function formatCash(micros: bigint): string {
  return formatDecimal(micros, CASH_SCALE, CENT_SCALE);
}
