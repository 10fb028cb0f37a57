import type { Registry } from '@bufbuild/protobuf';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadRegistry } from './contract-names.ts';
import { findParityProblems, parityProblems } from './parity.ts';
import { countTable, parseParity } from './rows.ts';

const placed = '`order.v1.OrderService.PlaceOrder: terms.symbol, terms.type=ORDER_TYPE_LIMIT`';
const submitted = '`exchange.v1.ExchangeService.Submit: orders.stop_price_ticks`';
let registry: Registry;

beforeAll(async () => {
  registry = await loadRegistry();
});

const tableOf = (rows: readonly string[]) =>
  `## 1. Orders\n\n| There | Here | In our contracts | Lacking, or why |\n| --- | --- | --- | --- |\n${rows.join('\n')}\n`;
const documentOf = (...rows: string[]) => {
  const counts = countTable(parseParity(tableOf(rows)));
  return `# Parity\n\n<!-- counts: here -->\n\n${counts}\n\n<!-- end of counts -->\n\n${tableOf(rows)}`;
};
const problemsOf = (text: string) => parityProblems(text, registry, (file) => file === 'cli/README.md');
/** What is said of a row, without its place. */
const problemsOfRow = (row: string) => problemsOf(documentOf(row)).map((problem) => problem.replace(/^\S+ /, ''));

describe('findParityProblems', () => {
  it('finds nothing in the document of today', async () => {
    expect(await findParityProblems()).toEqual([]);
  });
});

describe('parityProblems', () => {
  it('accepts what the contracts and the files of the project bear out', () => {
    const text = documentOf(
      `| symbol, type=limit | have | ${placed}, \`errors.v1.ErrorReason.ERROR_REASON_KEY_REUSED\` | |`,
      '| echo of qty | have | `order.v1.OrderService.StreamOrders -> order.quantity, snapshot.orders.quantity` | |',
      '| command line | partly | `cli/README.md` | no profiles |',
      `| stop_price | missing (E) | ${submitted} | \`order.v1.OrderService.PlaceOrder: terms.reduce_only\` |`,
      '| watchlists | missing | | `market.v1.WatchlistService.CreateWatchlist` |',
      '| ratio_qty (of a leg, of all) | n/a | | no options |',
    );
    expect(problemsOf(text)).toEqual([]);
  });

  it.each([
    ['a service', 'order.v1.OrdersService.PlaceOrder'],
    ['an RPC', 'order.v1.OrderService.ReopenOrder'],
    ['a field of the request', 'order.v1.OrderService.PlaceOrder: terms.symbol, terms.reduce_only'],
    ['a field of the response', 'order.v1.OrderService.PlaceOrder -> terms.symbol'],
    ['a field below one that has none', 'order.v1.OrderService.PlaceOrder: terms.symbol.name'],
    ['a value', 'order.v1.OrderService.PlaceOrder: terms.type=ORDER_TYPE_PEGGED'],
    ['a value of a field that is no enum', 'order.v1.OrderService.PlaceOrder: terms.symbol=ACME'],
    ['a reason', 'errors.v1.ErrorReason.ERROR_REASON_BAD_LUCK'],
    ['a file', 'cli/missing.md'],
    ['a word', 'terms.symbol'],
  ])('refuses a name of %s that does not exist', (_, name) => {
    const problems = problemsOfRow(`| symbol | have | ${placed}, \`${name}\` | |`);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`\`${name}\`, which does not exist`);
  });

  it.each([
    [`| symbol | had | ${placed} | |`, "has the state 'had', which is none"],
    ['| symbol | have | | |', 'is have and names no call and no file'],
    ['| symbol | have | `errors.v1.ErrorReason.ERROR_REASON_KEY_REUSED` | |', 'is have and names no call and no file'],
    [`| symbol | partly | ${placed} | |`, 'is partly without a word why'],
    [`| stop_price | have | ${submitted} | |`, 'names a call that people may not make'],
    ['| stop_price | missing (E) | | no stops |', 'does not name what the exchange has'],
    [`| stop_price | missing (E) | ${submitted}, ${placed} | no stops |`, 'is missing and names what people may call'],
    [`| symbol | missing | ${placed} | no symbols |`, 'is missing and names where it is'],
    ['| symbol | missing | | |', 'is missing without a word why'],
    ['| options | n/a | | |', 'is n/a without a word why'],
    [`| symbol | missing | | ${placed} |`, `calls ${placed} lacking, which exists`],
    [`| | have | ${placed} | |`, 'is about nothing'],
    [`| symbol | have | ${placed} |`, 'has 3 cells, not 4'],
    [`| symbol, side, symbol | have | ${placed} | |`, "counts 'symbol' a second time"],
  ])('refuses the row %s', (row, problem) => {
    expect(problemsOfRow(row)).toEqual([problem]);
  });

  it('refuses counts that are not those of the rows, and a document without rows', () => {
    const old = documentOf(`| symbol | have | ${placed} | |`).replace('| symbol |', '| symbol, side |');
    expect(problemsOf(old)).toEqual([expect.stringContaining('docs:generate')]);
    expect(problemsOf('# Parity\n')).toEqual(['docs/parity.md has no rows', expect.stringContaining('docs:generate')]);
  });
});

describe('countTable', () => {
  it('counts items by section and state; commas within parentheses part nothing', () => {
    const rows = parseParity(
      `${tableOf(['| a, b (c, d) | have | x | |', '| e | missing (E) | x | y |', '| f, g | missing | | y |'])}\n## 2. Rest\n\n| h | n/a | | y |\n`,
    );
    expect(countTable(rows).split('\n').slice(2)).toEqual([
      '| 1. Orders | 5   | 2    | 0      | 3       | 1                        | 0   |',
      '| 2. Rest   | 1   | 0    | 0      | 0       | 0                        | 1   |',
      '| all       | 6   | 2    | 0      | 3       | 1                        | 1   |',
    ]);
  });
});
