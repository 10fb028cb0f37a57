import type { ComponentChildren, JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import './grid-table.css';
import { type CellPlace, movedCell, rowParts, rowWindow } from './row-window.ts';

/** A column of a grid. */
export type Column<Row> = {
  name: string;
  /** Width as CSS grid has it, e.g. `80px` or `minmax(120px, 1fr)`. */
  width: string;
  kind?: 'number' | 'acts' | 'wide' | undefined;
  cell: (row: Row) => ComponentChildren;
};

type GridTableProps<Row> = {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  isSelected?: (row: Row) => boolean;
  isEnded?: (row: Row) => boolean;
  onEnter?: (row: Row) => void;
  /** A press of the pointer on a row, beside its controls. */
  onPress?: (row: Row) => void;
  /** Further keys by which something is done with a row; returns whether the key did something. */
  onKey?: (key: string, row: Row) => boolean;
  /** The end of the rows is near: there may be more to read. */
  onNearEnd?: () => void;
  /** Whether rows are cards on a phone. */
  hasCards?: boolean;
  class?: string;
};

const rowHeightOf = (element: Element) => Number.parseFloat(getComputedStyle(element).getPropertyValue('--row')) || 22;

/** A grid with one Tab stop: arrows move inside, letters act, and of a long table only what is in view is in the page. */
export function GridTable<Row>(props: GridTableProps<Row>) {
  const { label, columns, rows, keyOf } = props;
  const element = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ scrollTop: 0, height: 600, rowHeight: 22 });
  const [active, setActive] = useState<{ key: string } & CellPlace>({ key: '', row: 0, column: 0 });
  const found = rows.findIndex((row) => keyOf(row) === active.key);
  const activeRow = found === -1 ? Math.max(0, Math.min(active.row, rows.length - 1)) : found;
  const [hasFocus, setFocus] = useState(false);
  const parts = rowParts(rows.length, rowWindow({ count: rows.length, ...view }), hasFocus ? activeRow : undefined);
  useLayoutEffect(() => {
    const grid = element.current;
    if (grid === null) return undefined;
    const measure = () =>
      setView({ scrollTop: grid.scrollTop, height: grid.clientHeight, rowHeight: rowHeightOf(grid) });
    const observer = new ResizeObserver(measure);
    observer.observe(grid);
    return () => observer.disconnect();
  }, []);
  const focusCell = (to: CellPlace) => {
    const row = rows[to.row];
    const grid = element.current;
    if (row === undefined || grid === null) return;
    setActive({ key: keyOf(row), ...to });
    scrollTo(grid, to.row, view.rowHeight);
    focusOnceShown(grid, to);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const row = rows[activeRow];
    if (event.ctrlKey || event.metaKey || event.altKey || row === undefined) return;
    const pageRows = Math.max(1, Math.floor(view.height / view.rowHeight) - 1);
    const to = movedCell(
      event.key,
      { row: activeRow, column: active.column },
      { rows: rows.length, columns: columns.length, pageRows },
    );
    if (to !== undefined) focusCell(to);
    else if (event.key === 'Enter' && event.target instanceof HTMLButtonElement) return;
    else if (event.key === 'Enter' && props.onEnter !== undefined) props.onEnter(row);
    else if (event.repeat || !props.onKey?.(event.key, row)) return;
    event.preventDefault();
  };
  const rowOf = useRows(props, (row, to) => setActive({ key: keyOf(row), ...to }));
  return (
    <div
      ref={element}
      role="grid"
      aria-label={label}
      aria-rowcount={rows.length + 1}
      aria-colcount={columns.length}
      class={['grid', props.hasCards && 'cards', props.class].filter(Boolean).join(' ')}
      style={{ '--columns': columns.map(({ width }) => width).join(' ') }}
      onKeyDown={onKeyDown}
      onFocusIn={() => setFocus(true)}
      onFocusOut={({ currentTarget: grid, relatedTarget }) => setFocus(isInside(grid, relatedTarget))}
      onScroll={({ currentTarget: grid }) => {
        setView({ ...view, scrollTop: grid.scrollTop });
        if (grid.scrollTop + 2 * grid.clientHeight > grid.scrollHeight) props.onNearEnd?.();
      }}
    >
      <div role="rowgroup">
        <div role="row" class="grid-row grid-head" aria-rowindex={1}>
          {columns.map(({ name, kind }) => (
            <div key={name} role="columnheader" class={kind === 'number' ? 'grid-cell number' : 'grid-cell'}>
              {kind === 'acts' ? <span class="hidden">{name}</span> : name}
            </div>
          ))}
        </div>
      </div>
      <div role="rowgroup" class="grid-body">
        {parts.map((part) => {
          if (part.kind === 'room')
            return (
              <div
                key={`room ${parts.indexOf(part)}`}
                role="presentation"
                style={{ height: `${part.rows * view.rowHeight}px` }}
              />
            );
          const row = rows[part.index];
          return row === undefined
            ? null
            : rowOf(row, part.index, part.index === activeRow ? active.column : undefined);
        })}
      </div>
    </div>
  );
}

/** Makes rows of the page; one that is as it was is not rendered again, however the table is scrolled. */
function useRows<Row>(props: GridTableProps<Row>, onFocus: GridRowProps<Row>['onFocus']) {
  // What rows call is that of the last rendering.
  const latest = useRef({ props, onFocus });
  latest.current = { props, onFocus };
  const made = useRef(new Map<string, { facts: unknown[]; element: JSX.Element }>());
  const next: typeof made.current = new Map();
  const before = made.current;
  made.current = next;
  return (row: Row, index: number, tabColumn: number | undefined): JSX.Element => {
    const key = props.keyOf(row);
    const [isSelected, isEnded] = [props.isSelected?.(row), props.isEnded?.(row)];
    const facts = [row, index, tabColumn, props.columns, isSelected, isEnded];
    const known = before.get(key);
    const element =
      known?.facts.every((fact, place) => fact === facts[place]) === true ? (
        known.element
      ) : (
        <GridRow
          key={key}
          {...{ row, index, tabColumn, columns: props.columns, isSelected, isEnded }}
          onPress={(pressed) => latest.current.props.onPress?.(pressed)}
          onFocus={(focused, place) => latest.current.onFocus(focused, place)}
        />
      );
    next.set(key, { facts, element });
    return element;
  };
}

type GridRowProps<Row> = {
  row: Row;
  index: number;
  /** The column of the one cell that Tab reaches, where that is in this row. */
  tabColumn: number | undefined;
  columns: readonly Column<Row>[];
  isSelected: boolean | undefined;
  isEnded: boolean | undefined;
  onPress: (row: Row) => void;
  onFocus: (row: Row, place: CellPlace) => void;
};

function GridRow<Row>({ row, index, tabColumn, columns, isSelected, isEnded, onPress, onFocus }: GridRowProps<Row>) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys act on the grid, as its pattern has it
    <div
      role="row"
      class="grid-row"
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      data-row={index}
      data-ended={isEnded}
      onClick={(event) => {
        if (!(event.target instanceof HTMLElement) || event.target.closest('button, a') === null) onPress(row);
      }}
    >
      {columns.map(({ name, kind, cell }, column) => (
        <div
          key={name}
          role="gridcell"
          class={kind === undefined ? 'grid-cell' : `grid-cell ${kind}`}
          data-label={name}
          data-first={column === 0 || undefined}
          data-column={column}
          tabIndex={column === tabColumn ? 0 : -1}
          onFocusCapture={() => onFocus(row, { row: index, column })}
        >
          {cell(row)}
        </div>
      ))}
    </div>
  );
}

function isInside(grid: HTMLElement, target: EventTarget | null): boolean {
  return target instanceof Node && grid.contains(target);
}

function cellAt(grid: HTMLElement, { row, column }: CellPlace): HTMLElement | null {
  return grid.querySelector(`[data-row="${row}"] > [data-column="${column}"]`);
}

/** Focuses a cell: at once where it is in the page, else once it was rendered, unless something outside of the grid has the focus by then. */
function focusOnceShown(grid: HTMLElement, to: CellPlace): void {
  const cell = cellAt(grid, to);
  const focusLate = () => {
    const { activeElement } = document;
    if (activeElement === document.body || isInside(grid, activeElement))
      cellAt(grid, to)?.focus({ preventScroll: true });
  };
  if (cell !== null) cell.focus({ preventScroll: true });
  else requestAnimationFrame(() => requestAnimationFrame(focusLate));
}

function scrollTo(grid: HTMLElement, row: number, rowHeight: number): void {
  const headHeight = 22;
  const top = row * rowHeight;
  if (top < grid.scrollTop) grid.scrollTop = top;
  else if (top + rowHeight + headHeight > grid.scrollTop + grid.clientHeight)
    grid.scrollTop = top + rowHeight + headHeight - grid.clientHeight;
}
