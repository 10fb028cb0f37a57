import { DecimalError, parseDecimal } from '#platform/money/decimal.ts';
import { TermsError } from './terms-error.ts';

/** A decimal number above 0, and up to `max`, in units of 10^-scale. Throws TermsError for the field. */
export function readTermsDecimal(field: string, text: string, scale: number, max?: bigint): bigint {
  try {
    return parseDecimal(text, scale, { min: 1n, max });
  } catch (error) {
    if (error instanceof DecimalError) throw new TermsError(field, error.message);
    throw error;
  }
}
