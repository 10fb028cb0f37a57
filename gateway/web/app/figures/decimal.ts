/** Decimals as they come from the API, exact: in bigints of millionths, never floats. */

const scale = 6;
const one = 1_000_000n;
const pattern = /^([+\-\u2212]?)(\d{0,15})(?:[.,](\d{0,6})\d*)?$/;

/** Millionths of a decimal, what is beyond them cut off; undefined where the text is no decimal. Takes a comma for the point. */
export function parseMicros(text: string | undefined): bigint | undefined {
  const match = pattern.exec((text ?? '').trim());
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = ''] = match;
  if (whole === '' && fraction === '') return undefined;
  const micros = BigInt(whole || '0') * one + BigInt(fraction.padEnd(scale, '0'));
  return sign === '-' || sign === '\u2212' ? -micros : micros;
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

/** Places after the point of a decimal, without zeros at its end: 2 for `0.0100`. */
export function placesOf(text: string | undefined): number {
  const [, fraction = ''] = (text ?? '').split('.');
  return fraction.replace(/0+$/, '').length;
}

/** A decimal as a number, for places on a screen only. */
export function toNumber(text: string | undefined): number {
  return Number(text ?? Number.NaN);
}
