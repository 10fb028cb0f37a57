/** Decimals as they come from the API, exact: in bigints of millionths, never floats. */

const scale = 6;
const one = 1_000_000n;
const pattern = /^([+\-\u2212]?)(\d{0,15})(?:[.,](\d{0,6})\d*)?$/;

const grouped = /^[+\-\u2212]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d*)?$/;
const oneGroup = /^[+\-\u2212]?[1-9]\d{0,2},\d{3}$/;

/** Whether a text is a thousand to some and one to others: `1,000`. */
export function isAmbiguous(text: string): boolean {
  return oneGroup.test(text.trim());
}

/**
 * Millionths of a decimal, what is beyond them cut off; undefined where the text is no decimal, or can be read in two ways. Takes a comma for
 * the point, as in `180,5`, and commas between thousands, as in `1,234.5`.
 */
export function parseMicros(text: string | undefined): bigint | undefined {
  const match = pattern.exec(plain((text ?? '').trim()));
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = ''] = match;
  if (whole === '' && fraction === '') return undefined;
  const micros = BigInt(whole || '0') * one + BigInt(fraction.padEnd(scale, '0'));
  return sign === '-' || sign === '\u2212' ? -micros : micros;
}

function plain(text: string): string {
  if (!text.includes(',') || !grouped.test(text)) return text;
  // A letter is no decimal.
  return isAmbiguous(text) ? 'x' : text.replaceAll(',', '');
}

/** Millionths as a decimal with just the places that it needs, at least `placesMin`. */
export function microsText(micros: bigint, placesMin = 0): string {
  const digits = (micros < 0n ? -micros : micros).toString().padStart(scale + 1, '0');
  const fraction = digits.slice(-scale).replace(/0+$/, '').padEnd(placesMin, '0');
  const whole = digits.slice(0, -scale);
  return `${micros < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

/** The product of two decimals in millionths, cut off towards zero. */
export function multiplied(a: bigint, b: bigint): bigint {
  return (a * b) / one;
}

/** The quotient of two decimals in millionths, cut off towards zero; undefined by zero. */
export function divided(a: bigint, b: bigint): bigint | undefined {
  return b === 0n ? undefined : (a * one) / b;
}

/** The greatest multiple of `step` that is not greater; of a step of zero the value itself. */
export function roundedDown(micros: bigint, step: bigint): bigint {
  if (step <= 0n) return micros;
  const rest = micros % step;
  return micros - (rest < 0n ? rest + step : rest);
}

/** The least multiple of `step` that is not less; of a step of zero the value itself. */
export function roundedUp(micros: bigint, step: bigint): bigint {
  return -roundedDown(-micros, step);
}

/** Places after the point of a decimal, without zeros at its end: 2 for `0.0100`. */
export function placesOf(text: string | undefined): number {
  const [, fraction = ''] = (text ?? '').split('.');
  return fraction.replace(/0+$/, '').length;
}

/** A decimal as a number, for places on a screen only. */
export function toNumber(text: string | undefined): number {
  return Number(text ?? Number.NaN);
}
