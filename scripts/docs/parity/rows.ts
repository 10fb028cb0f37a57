/** The tables of docs/parity.md as rows, and how many items there are in each state. */
import { formatTable } from '../table.ts';

/** The states of a row. `missing (E)`: the exchange does it for services, and no call of people offers it. */
export const parityStates = ['have', 'partly', 'missing', 'missing (E)', 'n/a'] as const;

/** One row: what the other API has, our state, the names in our contracts that show it, and what is lacking or why. */
export type ParityRow = {
  line: number;
  section: string;
  /** What the row is about; commas part what is counted, but not within parentheses. */
  items: string[];
  state: string;
  shown: string;
  lacking: string;
  cells: number;
};

const separator = /^\|(?: *:?-+:? *\|)+$/;

/** Reads the tables below headings of the form `## 1. Orders`. Other tables of the document are left out. */
export function parseParity(text: string): ParityRow[] {
  const lines = text.split('\n');
  let section: string | undefined;
  return lines.flatMap((content, index) => {
    if (content.startsWith('## ')) section = /^## (\d+\. .+)$/.exec(content)?.[1];
    const isHead = [content, lines[index + 1] ?? ''].some((line) => separator.test(line));
    if (section === undefined || !content.startsWith('|') || isHead) return [];
    const cells = content
      .slice(1, content.lastIndexOf('|'))
      .split('|')
      .map((cell) => cell.trim());
    const [items = '', state = '', shown = '', lacking = ''] = cells;
    return [{ line: index + 1, section, items: splitItems(items), state, shown, lacking, cells: cells.length }];
  });
}

/** The items of each section and state as a table of Markdown. */
export function countTable(rows: readonly ParityRow[]): string {
  const counts = [...Map.groupBy(rows, ({ section }) => section)].map(([section, ofSection]) => [
    section,
    ...countStates(ofSection),
  ]);
  const head = ['section', 'all', 'have', 'partly', 'missing', 'of these in the exchange', 'n/a'];
  return formatTable([head, ...counts, ['all', ...countStates(rows)]]);
}

function countStates(rows: readonly ParityRow[]): string[] {
  const count = (...states: string[]) =>
    rows.filter(({ state }) => states.includes(state)).reduce((sum, { items }) => sum + items.length, 0);
  const all = count(...parityStates);
  const missing = count('missing', 'missing (E)');
  return [all, count('have'), count('partly'), missing, count('missing (E)'), count('n/a')].map(String);
}

function splitItems(cell: string): string[] {
  return cell
    .split(/,(?![^(]*\))/)
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
