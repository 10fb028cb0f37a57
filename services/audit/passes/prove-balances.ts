/** Proves that balances are the sums of the postings, and what is held the sum of the holds. */
import { cashAsset, formatAmount, sources } from '../domain/asset.ts';
import { numberOf, textOf } from '../domain/row.ts';
import { count, type PassContext } from './context.ts';
import type { AssetSums } from './prove-entries.ts';
import { heldSums } from './prove-open.ts';
import type { Cut } from './read-cut.ts';

/** What one asset adds up to, in its smallest unit. */
export type AssetTotals = { asset: string; issued: bigint; owned: bigint; held: bigint };

/** Compares all balances, both ways; returns the sums of each asset. */
export function proveBalances(context: PassContext, sums: AssetSums, cut: Cut): AssetTotals[] {
  const held = heldSums(cut);
  const posted = new Map(sums);
  const totals = new Map<string, AssetTotals>();
  const accounts = new Set<string>();
  for (const row of cut.balances) {
    const [accountId, asset] = [textOf(row, 'account_id'), textOf(row, 'asset')];
    accounts.add(accountId);
    const isHeld = numberOf(row, 'held');
    const owned = numberOf(row, 'available') + isHeld;
    compare(context, 'balance-equals-postings', {
      key: row.key,
      asset,
      expected: posted.get(row.key) ?? 0n,
      found: owned,
    });
    compare(context, 'held-equals-holds', { key: row.key, asset, expected: held.get(row.key) ?? 0n, found: isHeld });
    posted.delete(row.key);
    held.delete(row.key);
    const total = totals.get(asset) ?? { asset, issued: 0n, owned: 0n, held: 0n };
    if (!sources.includes(accountId)) {
      total.owned += owned;
      total.held += isHeld;
    }
    totals.set(asset, total);
  }
  for (const [key, expected] of posted)
    compare(context, 'balance-equals-postings', { key, asset: assetOf(key), expected, found: 0n });
  for (const [key, expected] of held)
    compare(context, 'held-equals-holds', { key, asset: assetOf(key), expected, found: 0n });
  count(context, 'accounts', accounts.size);
  return proveAssets(context, sums, totals);
}

/** What came from outside is what all accounts own together. */
function proveAssets(context: PassContext, sums: AssetSums, totals: Map<string, AssetTotals>): AssetTotals[] {
  for (const [key, sum] of sums) {
    const [accountId = '', asset = ''] = key.split('/');
    const total = totals.get(asset);
    if (total && sources.includes(accountId)) total.issued -= sum;
  }
  const list = [...totals.values()].sort((one, other) => (one.asset < other.asset ? -1 : 1));
  for (const { asset, issued, owned } of list) {
    if (issued === owned) continue;
    const [expected, found] = [formatAmount(asset, issued), formatAmount(asset, owned)];
    context.findings.add({ rule: 'issued-equals-owned', subject: `asset ${asset}`, expected, found });
  }
  return list;
}

type Amounts = { key: string; asset: string; expected: bigint; found: bigint };

function compare({ findings }: PassContext, rule: string, { key, asset, expected, found }: Amounts): void {
  if (expected === found) return;
  const texts = { expected: formatAmount(asset, expected), found: formatAmount(asset, found) };
  findings.add({ rule, subject: `ledger balance ${key}`, ...texts });
}

function assetOf(key: string): string {
  return key.split('/')[1] ?? cashAsset;
}
