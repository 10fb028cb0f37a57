/** The indicators that a person chose for the chart, and what can be chosen. */

/** What can be chosen: the ranges are those of the contract. */
export const indicatorKinds = {
  sma: { name: 'SMA', text: 'Simple average', fields: [candles(20, 200)] },
  ema: { name: 'EMA', text: 'Exponential average', fields: [candles(20, 200)] },
  vwap: { name: 'VWAP', text: 'Average by volume', fields: [candles(20, 200)] },
  bollinger: {
    name: 'Bollinger',
    text: 'Bands of deviation',
    fields: [candles(20, 200), { field: 'widthTenths', label: 'Tenths of a deviation', min: 1, max: 50, initial: 20 }],
  },
  rsi: { name: 'RSI', text: 'Relative strength', fields: [candles(14, 100)] },
  macd: {
    name: 'MACD',
    text: 'Convergence of averages',
    fields: [
      { field: 'fastLength', label: 'Fast', min: 1, max: 99, initial: 12 },
      { ...candles(26, 100), label: 'Slow', min: 2 },
      { field: 'signalLength', label: 'Signal', min: 1, max: 50, initial: 9 },
    ],
  },
  atr: { name: 'ATR', text: 'Average true range', fields: [candles(14, 100)] },
} as const satisfies Record<string, { name: string; text: string; fields: readonly IndicatorField[] }>;

/** A kind of indicator. */
export type IndicatorKindName = keyof typeof indicatorKinds;

/** A number of an indicator. */
export type IndicatorField = {
  field: 'length' | 'fastLength' | 'signalLength' | 'widthTenths';
  label: string;
  min: number;
  max: number;
  initial: number;
};

/** A chosen indicator; numbers that its kind does not have are 0. */
export type IndicatorChoice = { kind: IndicatorKindName } & Record<IndicatorField['field'], number>;

/** The most indicators of the chart. */
export const choicesMax = 3;

/** What is shown to who chose nothing. */
export const defaultChoices: readonly IndicatorChoice[] = [choiceOf('sma'), choiceOf('ema'), choiceOf('vwap')];

/** The fields of a kind. */
export function fieldsOf(kind: IndicatorKindName): readonly IndicatorField[] {
  return indicatorKinds[kind].fields;
}

/** An indicator with its usual numbers. */
export function choiceOf(kind: IndicatorKindName): IndicatorChoice {
  const choice = { kind, length: 0, fastLength: 0, signalLength: 0, widthTenths: 0 };
  for (const { field, initial } of fieldsOf(kind)) choice[field] = initial;
  return choice;
}

/** What is wrong with a number of a choice; empty: nothing. */
export function problemOf(choice: IndicatorChoice, { field, min, max }: IndicatorField): string {
  const value = choice[field];
  if (!Number.isInteger(value) || value < min || value > max) return `${min} to ${max}`;
  if (choice.kind === 'macd' && field === 'length' && value <= choice.fastLength) return 'more than fast';
  return '';
}

/** Stored choices, at most three; undefined: there are none, or they are damaged. */
export function parseChoices(stored: unknown): readonly IndicatorChoice[] | undefined {
  if (!Array.isArray(stored) || stored.length > choicesMax) return undefined;
  const choices = stored.map(parseChoice);
  return choices.every((choice) => choice !== undefined) ? choices : undefined;
}

function parseChoice(stored: unknown): IndicatorChoice | undefined {
  if (typeof stored !== 'object' || stored === null || !('kind' in stored)) return undefined;
  const kind = (Object.keys(indicatorKinds) as IndicatorKindName[]).find((one) => one === stored.kind);
  if (kind === undefined) return undefined;
  const choice = choiceOf(kind);
  for (const { field } of fieldsOf(kind)) choice[field] = Number((stored as Partial<IndicatorChoice>)[field]);
  return fieldsOf(kind).every((field) => problemOf(choice, field) === '') ? choice : undefined;
}

function candles(initial: number, max: number): IndicatorField {
  return { field: 'length', label: 'Candles', min: 1, max, initial };
}
