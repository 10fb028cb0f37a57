import { Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { formatDecimal, PRICE_SCALE, parseDecimal } from '#platform/money/decimal.ts';
import type { LadderBook, LadderLevel } from './ladder-book.ts';

/** How to draw. */
export type RenderOptions = {
  /** Levels of each side. */
  depth: number;
  /** Characters of a line, at least 40. */
  width: number;
  color: boolean;
  /** A problem, such as a lost connection; empty if there is none. */
  notice: string;
};

type Paint = (code: number, text: string) => string;

const [red, green, dim, bold, yellow] = [31, 32, 2, 1, 33];
const priceDecimalsMin = 2;
const barWidthMax = 30;

/** The ladder as lines of text: asks above bids, the best prices in the middle, the longest bar for the greatest level shown. */
export function renderLadder(book: LadderBook, { depth, width, color, notice }: RenderOptions): string[] {
  const paint: Paint = (code, text) => (color ? `\u001b[${code}m${text}\u001b[0m` : text);
  const asks = book.levels(Side.SELL, depth).reverse();
  const bids = book.levels(Side.BUY, depth);
  const widths = columnWidths(book, [...asks, ...bids], width);
  const rows = (levels: LadderLevel[], code: number) =>
    levels.map((level) => levelLine(book, level, widths, (text) => paint(code, text)));
  return [
    headLine(book, paint),
    '',
    paint(dim, ['price', 'lots', 'orders'].map((name, i) => name.padStart(widths.columns[i] ?? 0)).join('  ')),
    ...padded(asks.length, depth, rows(asks, red), 'above'),
    paint(dim, middleLine(book, widths)),
    ...padded(bids.length, depth, rows(bids, green), 'below'),
    '',
    notice === '' ? paint(dim, `sequence ${book.sequence}`) : paint(yellow, notice),
  ];
}

/** A price of a book as a decimal. */
export function priceText(book: LadderBook, priceTicks: bigint): string {
  const tick = parseDecimal(book.listing.tickSize, PRICE_SCALE);
  return formatDecimal(priceTicks * tick, PRICE_SCALE, priceDecimalsMin);
}

type Widths = { columns: number[]; bar: number; lotsMax: number };

function columnWidths(book: LadderBook, levels: LadderLevel[], width: number): Widths {
  const longest = (texts: string[], least: number) => Math.max(least, ...texts.map((text) => text.length));
  const columns = [
    longest(
      levels.map(({ priceTicks }) => priceText(book, priceTicks)),
      10,
    ),
    longest(
      levels.map(({ lots }) => String(lots)),
      8,
    ),
    longest(
      levels.map(({ orders }) => String(orders)),
      6,
    ),
  ];
  const used = columns.reduce((sum, column) => sum + column + 2, 0);
  const lotsMax = Math.max(1, ...levels.map(({ lots }) => Number(lots)));
  return { columns, bar: Math.max(0, Math.min(barWidthMax, width - used)), lotsMax };
}

function levelLine(book: LadderBook, level: LadderLevel, widths: Widths, paint: (text: string) => string): string {
  const { priceTicks, lots, orders } = level;
  const [price = 0, lotsWidth = 0, ordersWidth = 0] = widths.columns;
  const bar = '█'.repeat(Math.ceil((Number(lots) / widths.lotsMax) * widths.bar));
  const amounts = `${String(lots).padStart(lotsWidth)}  ${String(orders).padStart(ordersWidth)}`;
  return `${paint(priceText(book, priceTicks).padStart(price))}  ${amounts}  ${paint(bar)}`.trimEnd();
}

function headLine(book: LadderBook, paint: Paint): string {
  const { last } = book;
  const lots = last?.lots === undefined ? '' : ` x ${last.lots}`;
  const time = last?.timeMs === undefined ? '' : ` at ${new Date(last.timeMs).toISOString().slice(11, 19)} UTC`;
  const trade = last ? `last ${priceText(book, last.priceTicks)}${lots}${time}` : 'no trade yet';
  return `${paint(bold, book.listing.symbol)}  ${book.stateName}  ${trade}`;
}

function middleLine(book: LadderBook, { columns }: Widths): string {
  const [ask] = book.levels(Side.SELL, 1);
  const [bid] = book.levels(Side.BUY, 1);
  const spread = ask && bid ? `spread ${priceText(book, ask.priceTicks - bid.priceTicks)}` : 'one side is empty';
  const text = ask || bid ? spread : 'the book is empty';
  return `${'-'.repeat(columns[0] ?? 0)}  ${text}`;
}

// Pads a side, so that the middle does not move with the number of levels.
function padded(count: number, depth: number, lines: string[], where: 'above' | 'below'): string[] {
  const empty = Array.from({ length: depth - count }, () => '');
  return where === 'above' ? [...empty, ...lines] : [...lines, ...empty];
}
