/** Which key does what. Single letters can be switched off, and never act in a field or on a held key (WCAG 2.1.4). */

/** A key as the browser reports it. */
export type Press = {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
  repeat: boolean;
};

/** What a key is bound to. */
export type Command =
  | 'search'
  | 'palette'
  | 'map'
  | 'next region'
  | 'previous region'
  | 'go floor'
  | 'go portfolio'
  | 'go orders'
  | 'go money'
  | 'go automation'
  | 'go inbox'
  | 'buy'
  | 'sell'
  | 'list'
  | 'shorter frame'
  | 'longer frame'
  | 'previous symbol'
  | 'next symbol'
  | 'speak quote'
  | 'freeze';

/** The keys as the map shows them, by where they act. */
export const keyGroups: readonly { title: string; keys: readonly (readonly [keys: string, act: string])[] }[] = [
  {
    title: 'Everywhere',
    keys: [
      ['/', 'Search a symbol'],
      ['Ctrl K', 'Search a symbol or a screen'],
      ['?', 'This map'],
      ['F6, Shift F6', 'Next, previous region'],
      ['g then f p o m a i', 'Floor, Portfolio, Orders, Money, Automation, Inbox'],
      ['Esc', 'Back'],
    ],
  },
  {
    title: 'Floor',
    keys: [
      ['b, s', 'Ticket to buy, to sell, at the quantity'],
      ['Enter, Enter', 'Review, then send'],
      ['w', 'List of symbols'],
      ['[ ]', 'Shorter, longer time frame'],
      [', .', 'Previous, next symbol'],
      ['q', 'Speak the quote'],
      ['z', 'Freeze figures'],
    ],
  },
  {
    title: 'Chart',
    keys: [
      ['Left, Right, Home, End', 'From candle to candle'],
      ['Enter', 'Say all of one'],
    ],
  },
  {
    title: 'Pit',
    keys: [
      ['Up, Down', 'Move the price cursor'],
      ['Enter', 'Take its price into the ticket'],
      ['+ -', 'Coarser, finer prices'],
      ['Space', 'Back to the middle'],
      ['Ctrl Enter, Ctrl Backspace', 'While armed: send there, pull own orders there'],
    ],
  },
  {
    title: 'Tables',
    keys: [
      ['Arrows, Home, End, Page keys', 'Move'],
      ['Enter', 'Details'],
      ['e', 'Amend'],
      ['c', 'Cancel'],
      ['x', 'Close the position'],
      ['Shift C, Shift X', 'Cancel all of the symbol, close all'],
    ],
  },
];

const singles: Readonly<Record<string, Command>> = {
  '/': 'search',
  '?': 'map',
  b: 'buy',
  s: 'sell',
  w: 'list',
  '[': 'shorter frame',
  ']': 'longer frame',
  ',': 'previous symbol',
  '.': 'next symbol',
  q: 'speak quote',
  z: 'freeze',
};
const afterG: Readonly<Record<string, Command>> = {
  f: 'go floor',
  p: 'go portfolio',
  o: 'go orders',
  m: 'go money',
  a: 'go automation',
  i: 'go inbox',
};

/** Where a press happens. */
export type PressContext = {
  /** Whether the focus is in a field. */
  inField: boolean;
  /** Whether `g` was pressed a moment ago. */
  afterG: boolean;
  /** Whether single letters act. */
  singleKeys: boolean;
};

/** What a press does: a command, `prefix` for the `g` that a letter follows, or nothing. */
export function commandOf(press: Press, context: PressContext): Command | 'prefix' | undefined {
  const { key } = press;
  if (press.repeat) return undefined;
  if (key === 'F6') return press.shiftKey ? 'previous region' : 'next region';
  const hasModifier = press.ctrlKey || press.metaKey;
  if (hasModifier && !press.altKey && key.toLowerCase() === 'k') return 'palette';
  if (hasModifier || press.altKey || context.inField || !context.singleKeys) return undefined;
  if (context.afterG) return afterG[key];
  return key === 'g' ? 'prefix' : singles[key];
}
