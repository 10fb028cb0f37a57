/** The preferences of a browser, and how they are read. */
import { defaultChoices, type IndicatorChoice, parseChoices } from './indicator-choices.ts';

const choices = {
  /** Colours of the page; system: as the machine has them. */
  theme: ['system', 'light', 'dark'],
  /** What stands for up and down. */
  colours: ['blue-up', 'orange-up', 'green-red'],
  /** Zone of all times. */
  zone: ['exchange', 'utc', 'local'],
  /** Which orders are reviewed before they are sent. */
  confirm: ['always', 'large or odd', 'odd only'],
} as const;

type Choices = typeof choices;

/** The preferences of a browser. */
export type Preferences = { [Name in keyof Choices]: Choices[Name][number] } & {
  /** Whether single letters act. */
  singleKeys: boolean;
  /** Value of an order from which on it is large, in units of the currency; 0: a tenth of the equity. */
  largeOrder: number;
  /** Height of the blotter in pixels, 120 to 600. */
  blotterHeight: number;
  /** Indicators of the chart, at most three. */
  indicators: readonly IndicatorChoice[];
};

/** The preferences of who chose nothing. */
export const defaultPreferences: Preferences = {
  theme: 'system',
  colours: 'blue-up',
  zone: 'exchange',
  confirm: 'always',
  singleKeys: true,
  largeOrder: 0,
  blotterHeight: 264,
  indicators: defaultChoices,
};

/** What can be chosen for a preference. */
export function choicesOf<Name extends keyof Choices>(name: Name): Choices[Name] {
  return choices[name];
}

/** Preferences from stored text; what is missing or damaged has its default. */
export function parsePreferences(text: string | null): Preferences {
  const stored = objectIn(text);
  const parsed = { ...defaultPreferences };
  for (const name of Object.keys(choices) as (keyof Choices)[]) {
    const value = stored[name];
    if ((choices[name] as readonly unknown[]).includes(value)) Object.assign(parsed, { [name]: value });
  }
  if (typeof stored.singleKeys === 'boolean') parsed.singleKeys = stored.singleKeys;
  parsed.largeOrder = numberWithin(stored.largeOrder, [0, 1e12], defaultPreferences.largeOrder);
  parsed.blotterHeight = numberWithin(stored.blotterHeight, [120, 600], defaultPreferences.blotterHeight);
  parsed.indicators = parseChoices(stored.indicators) ?? defaultPreferences.indicators;
  return parsed;
}

function objectIn(text: string | null): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function numberWithin(value: unknown, [min, max]: readonly [number, number], otherwise: number): number {
  return typeof value === 'number' && value >= min && value <= max ? value : otherwise;
}
