/** Figures as text: groups, a true minus, fixed places, a dash for none. */
import { parseMicros } from './decimal.ts';

/** How a figure is written. */
export type FigureFormat = {
  /** Places after the point; undefined: those that it has. What is beyond is cut off. */
  places?: number | undefined;
  /** Whether a plus stands before what is greater than zero. */
  signed?: boolean | undefined;
  /** Follows after a thin space, such as `%`. */
  unit?: string | undefined;
  /** Whether places that are only zeros stay away, as in a number of whole shares. */
  trimmed?: boolean | undefined;
  /** Places that are written also where they are zeros, of a figure that is trimmed. */
  placesMin?: number | undefined;
};

/** Money as it is booked, to the last place, and at least cents: lines that are cut off would not add up to the balance. */
export const exactAmount = { trimmed: true, placesMin: 2 } as const;

/** The same under each other: with room for the places that others of its column have. */
export const exactMoney = { places: 6, trimmed: true, placesMin: 2 } as const;

/** What stands where there is no figure. */
export const noFigure = '\u2013';
const minus = '\u2212';
const thinSpace = '\u2009';

/** The figure of a decimal; a dash for none. `-1234.5` with two places is `−1,234.50`. */
export function figureText(decimal: string | undefined, format: FigureFormat = {}): string {
  if (decimal === undefined || decimal === '' || parseMicros(decimal) === undefined) return noFigure;
  const isNegative = decimal.startsWith('-');
  const [whole = '0', fraction = ''] = decimal.replace(/^[+-]/, '').split('.');
  const places = placesFor(fraction, format);
  const digits = `${grouped(whole)}${places === '' ? '' : `.${places}`}`;
  const isZero = /^[0.,]*$/.test(digits);
  const sign = isZero ? '' : isNegative ? minus : format.signed ? '+' : '';
  return `${sign}${digits}${format.unit === undefined ? '' : `${thinSpace}${format.unit}`}`;
}

/** A volume, in millions from a million on: `1,234.5 M`. */
export function volumeText(decimal: string | undefined): string {
  const micros = parseMicros(decimal);
  if (micros === undefined) return noFigure;
  const million = 1_000_000_000_000n;
  if (micros < million) return figureText(decimal, { places: 0 });
  const hundredths = (micros * 100n) / million;
  const text = `${hundredths / 100n}.${(hundredths % 100n).toString().padStart(2, '0')}`;
  return figureText(text, { places: 2, unit: 'M' });
}

/** Which way a decimal goes: up above zero, down below, else flat. */
export function directionOf(decimal: string | undefined): 'up' | 'down' | 'flat' {
  const micros = parseMicros(decimal) ?? 0n;
  return micros > 0n ? 'up' : micros < 0n ? 'down' : 'flat';
}

function placesFor(fraction: string, { places, trimmed, placesMin = 0 }: FigureFormat): string {
  const fixed = places === undefined ? fraction : fraction.slice(0, places).padEnd(places, '0');
  return trimmed ? fixed.replace(/0+$/, '').padEnd(placesMin, '0') : fixed;
}

function grouped(whole: string): string {
  const digits = whole.replace(/^0+(?=\d)/, '') || '0';
  return digits.replace(/\B(?=(\d{3})+$)/g, ',');
}
