/** Which rows of a long table are in the page: those in view and ten around them. */

/** Rows from `first` up to, not including, `end`. */
export type RowWindow = { first: number; end: number };

const rowsAround = 10;
const allUpTo = 100;

/** The rows to have in the page. All of up to 100; of more those in view, ten around them. */
export function rowWindow(options: { count: number; rowHeight: number; scrollTop: number; height: number }): RowWindow {
  const { count, rowHeight, scrollTop, height } = options;
  if (count <= allUpTo) return { first: 0, end: count };
  const top = Math.floor(scrollTop / rowHeight);
  const shown = Math.ceil(height / rowHeight);
  const first = Math.max(0, Math.min(count - 1, top) - rowsAround);
  return { first, end: Math.min(count, top + shown + rowsAround + 1) };
}

/** A part of a table: so many rows that are left out, or the row of this index. */
export type RowPart = { kind: 'room'; rows: number } | { kind: 'row'; index: number };

/** The parts of a table from its top: the rows of the window, room for the others, and the row with the focus also where it is out of view. */
export function rowParts(count: number, { first, end }: RowWindow, focused: number | undefined): RowPart[] {
  const indexes = Array.from({ length: end - first }, (_, offset) => first + offset);
  if (focused !== undefined && focused < first) indexes.unshift(focused);
  if (focused !== undefined && focused >= end && focused < count) indexes.push(focused);
  const parts: RowPart[] = [];
  let next = 0;
  for (const index of indexes) {
    if (index > next) parts.push({ kind: 'room', rows: index - next });
    parts.push({ kind: 'row', index });
    next = index + 1;
  }
  if (next < count) parts.push({ kind: 'room', rows: count - next });
  return parts;
}

/** Where a cell is. */
export type CellPlace = { row: number; column: number };

/** The cell to which a key leads; undefined where the key moves nothing. */
export function movedCell(
  key: string,
  from: CellPlace,
  size: { rows: number; columns: number; pageRows: number },
): CellPlace | undefined {
  const { row, column } = from;
  const to = {
    ArrowUp: { row: row - 1, column },
    ArrowDown: { row: row + 1, column },
    ArrowLeft: { row, column: column - 1 },
    ArrowRight: { row, column: column + 1 },
    Home: { row: 0, column },
    End: { row: size.rows - 1, column },
    PageUp: { row: row - size.pageRows, column },
    PageDown: { row: row + size.pageRows, column },
  }[key];
  if (to === undefined) return undefined;
  return { row: within(to.row, size.rows), column: within(to.column, size.columns) };
}

function within(value: number, count: number): number {
  return Math.max(0, Math.min(count - 1, value));
}
