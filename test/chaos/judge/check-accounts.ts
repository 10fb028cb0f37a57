/** What each account owns: by the fills of its orders and its transfers, by the ledger, and by the portfolio. */
import type { Market } from '../traffic/open-market.ts';
import { outsideAccounts } from './check-ledger.ts';
import type { Finding } from './finding.ts';
import type { Stores } from './stores.ts';

type AmountRow = { account_id: string; asset: string; amount: string };

/** Compares three stores that share no code: order, ledger and portfolio. */
export async function checkAccounts(stores: Stores, market: Market): Promise<Finding[]> {
  const fromFills = sumOf([
    ...openingShares(market),
    ...(await stores.read<AmountRow>(
      'order',
      `SELECT account_id, symbol AS asset, sum(CASE side WHEN 'buy' THEN lots ELSE -lots END * lot_micros) AS amount
       FROM fills GROUP BY 1, 2
       UNION ALL
       SELECT account_id, 'USD', sum(CASE side WHEN 'buy' THEN -value_micros ELSE value_micros END - fee_micros)
       FROM fills GROUP BY 1`,
    )),
    ...(await stores.read<AmountRow>(
      'ledger',
      `SELECT account_id, 'USD' AS asset,
         sum(CASE kind WHEN 'deposit' THEN amount_micros ELSE -amount_micros END) AS amount
       FROM transfer WHERE status = 'completed' GROUP BY 1`,
    )),
  ]);
  const fromLedger = sumOf(
    await stores.read<AmountRow>(
      'ledger',
      'SELECT account_id, asset, available + held AS amount FROM balance WHERE account_id <> ALL ($1)',
      [outsideAccounts],
    ),
  );
  const fromPortfolio = sumOf(
    await stores.read<AmountRow>(
      'portfolio',
      `SELECT account_id, symbol AS asset, quantity_micros AS amount FROM position
       UNION ALL SELECT account_id, 'USD', amount_micros FROM cash`,
    ),
  );
  const ids = new Set(market.users.map(({ accountId }) => accountId));
  return [
    ...compare('owned-equals-fills', ids, { expected: fromFills, found: fromLedger, by: 'the ledger has' }),
    ...compare('owned-equals-portfolio', ids, { expected: fromLedger, found: fromPortfolio, by: 'the portfolio has' }),
    ...conservation(market, fromLedger),
  ];
}

function openingShares({ users, symbols, sharesMicros }: Market): AmountRow[] {
  return users.flatMap(({ accountId }) =>
    symbols.map((asset) => ({ account_id: accountId, asset, amount: String(sharesMicros) })),
  );
}

/** No share came or went beside those that the run has issued. */
function conservation({ users, symbols, sharesMicros }: Market, owned: ReadonlyMap<string, bigint>): Finding[] {
  return symbols.flatMap((symbol) => {
    const expected = BigInt(users.length) * sharesMicros;
    const entries = [...owned].filter(([name]) => name.endsWith(` ${symbol}`));
    const found = entries.reduce((total, [, amount]) => total + amount, 0n);
    if (found === expected) return [];
    return [{ rule: 'issued-equals-owned', subject: symbol, detail: `issued ${expected}, owned ${found}` }];
  });
}

function sumOf(rows: readonly AmountRow[]): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const { account_id, asset, amount } of rows) {
    const name = `${account_id} ${asset}`;
    sums.set(name, (sums.get(name) ?? 0n) + BigInt(amount));
  }
  return sums;
}

function compare(
  rule: string,
  accountIds: ReadonlySet<string>,
  { expected, found, by }: { expected: ReadonlyMap<string, bigint>; found: ReadonlyMap<string, bigint>; by: string },
): Finding[] {
  const names = [...new Set([...expected.keys(), ...found.keys()])];
  return names
    .filter((name) => accountIds.has(name.split(' ')[0] ?? ''))
    .filter((name) => (expected.get(name) ?? 0n) !== (found.get(name) ?? 0n))
    .map((name) => ({
      rule,
      subject: `account ${name}`,
      detail: `${expected.get(name) ?? 0n} expected, ${by} ${found.get(name) ?? 0n}`,
    }));
}
