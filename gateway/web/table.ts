/** A table whose rows stay while their cells change, so that focus, selection and reading position stay too. */
import { element, setText } from './dom.ts';

/** What a column shows of an item; called for each new row, and again whenever the item may have changed. */
export type Column<T> = (cell: HTMLTableCellElement, item: T) => void;

/** Shows these items, in this order, in place of those shown before. */
export type ShowRows<T> = (items: readonly T[]) => void;

/** Fills a table's body. The first column heads its row. `emptyText` stands where there is no item. */
export function createTable<T>(options: {
  body: HTMLElement;
  keyOf: (item: T) => string;
  columns: Column<T>[];
  emptyText: string;
}): ShowRows<T> {
  const { body, keyOf, columns } = options;
  const rows = new Map<string, HTMLTableRowElement>();
  const empty = emptyRow(options.emptyText, columns.length);
  return (items) => {
    const keys = new Set(items.map(keyOf));
    for (const [key, row] of rows) {
      if (keys.has(key)) continue;
      row.remove();
      rows.delete(key);
    }
    if (items.length > 0) empty.remove();
    else if (!empty.isConnected) body.append(empty);
    let next = body.firstElementChild;
    for (const item of items) {
      const key = keyOf(item);
      const row = rows.get(key) ?? newRow(columns.length);
      rows.set(key, row);
      columns.forEach((column, index) => {
        column(row.cells[index] as HTMLTableCellElement, item);
      });
      if (row === next) next = row.nextElementSibling;
      else body.insertBefore(row, next);
    }
  };
}

/** A column of plain text. */
export function textColumn<T>(text: (item: T) => string): Column<T> {
  return (cell, item) => void setText(cell, text(item));
}

/** A column of figures; `tone` colours it, and a change lights up for a moment. */
export function figureColumn<T>(text: (item: T) => string, tone: (item: T) => string = () => ''): Column<T> {
  return (cell, item) => {
    cell.className = `number ${tone(item)}`;
    const isFirst = cell.textContent === '';
    if (setText(cell, text(item)) && !isFirst) lightUp(cell);
  };
}

/** `up` or `down` by the sign of a decimal; the text has the sign too, so no information depends on the colour. */
export function toneOf(decimal: string | undefined): string {
  if (decimal === undefined || /^[-+]?[0.]*$/.test(decimal)) return '';
  return decimal.startsWith('-') ? 'down' : 'up';
}

const calm = matchMedia('(prefers-reduced-motion: reduce)');

function lightUp(cell: HTMLElement): void {
  if (!calm.matches) cell.animate([{ backgroundColor: 'var(--flash)' }, { backgroundColor: 'transparent' }], 700);
}

function newRow(cellCount: number): HTMLTableRowElement {
  const row = element('tr');
  const head = element('th');
  head.scope = 'row';
  row.append(head, ...Array.from({ length: cellCount - 1 }, () => element('td')));
  return row;
}

function emptyRow(text: string, columnCount: number): HTMLTableRowElement {
  const row = element('tr');
  const cell = element('td', text);
  cell.colSpan = columnCount;
  cell.className = 'empty';
  row.append(cell);
  return row;
}
