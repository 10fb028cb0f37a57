/** Proves that copies of accounts' states and conditions equal what the user service says at the same version. */
import { Selection } from '#gen/outcry/audit/v1/rows_pb.ts';
import type { StoreName } from '../domain/audited-stores.ts';
import { compareRow, numberOf, type StoredRow, textOf } from '../domain/row.ts';
import { byKey } from './by-key.ts';
import { count, type PassContext } from './context.ts';

type Copy = { store: StoreName; table: string; columns: Readonly<Record<string, string>> };

// What the owner calls each column of a copy.
const copies: readonly Copy[] = [
  {
    store: 'ledger',
    table: 'account',
    columns: { state: 'state', house: 'house', transfer_max_micros: 'transfer_amount_max_micros' },
  },
  {
    store: 'order',
    table: 'conditions',
    columns: {
      state: 'state',
      house: 'house',
      maker_bps: 'maker_bps',
      taker_bps: 'taker_bps',
      order_notional_max_micros: 'order_notional_max_micros',
      open_notional_max_micros: 'open_notional_max_micros',
      open_orders_max: 'open_orders_max',
      orders_per_second_max: 'orders_per_second_max',
      market_orders_permitted: 'market_orders_permitted',
    },
  },
];

/** Compares all copies. One of an older version waits for its event; one of a newer version than its owner's is wrong. */
export async function proveCopies(context: PassContext): Promise<void> {
  const { stores, callOptions } = context;
  const read = async (store: StoreName, table: string) => {
    const tables = [{ table, selection: Selection.ALL }];
    return (await stores.read(store, { tables }, callOptions)).parts[0]?.rows ?? [];
  };
  const stored: StoredRow[][] = [];
  for (const { store, table } of copies) stored.push(await read(store, table));
  // Read last, so that no copy is newer by right.
  const owners = byKey(await read('user', 'account'));
  for (const row of owners.values()) proveChanges(context, row);
  for (const [index, copy] of copies.entries()) {
    const rows = stored[index] ?? [];
    count(context, 'copies', rows.length);
    for (const row of rows) proveCopy(context, copy, row, owners.get(row.key));
  }
}

/** Each change of staff has raised the version by one, and nothing else has. */
function proveChanges({ findings }: PassContext, row: StoredRow): void {
  const expected = { version: numberOf(row, 'changes') + 1n };
  compareRow(findings, { rule: 'version-counts-its-changes', place: 'user account', row, expected });
}

function proveCopy({ findings }: PassContext, copy: Copy, row: StoredRow, owner: StoredRow | undefined): void {
  const place = `${copy.store} ${copy.table}`;
  const rule = 'copy-equals-its-source';
  if (owner === undefined || numberOf(row, 'version') > numberOf(owner, 'version')) {
    const expected = owner === undefined ? 'an account of the user service' : `version ${textOf(owner, 'version')}`;
    findings.add({ rule, subject: `${place} ${row.key}`, expected, found: `version ${textOf(row, 'version')}` });
    return;
  }
  if (textOf(row, 'version') !== textOf(owner, 'version')) return;
  const equal = Object.entries(copy.columns).map(([own, theirs]) => [own, textOf(owner, theirs)]);
  const expected = { ...Object.fromEntries(equal), ...positionLimit(copy, row, owner) };
  compareRow(findings, { rule, place, row, expected });
}

/** The order service stores that a position has no limit as 0, or as none, and a limit of 0 as -1. */
function positionLimit({ table }: Copy, row: StoredRow, owner: StoredRow): Record<string, string> {
  if (table !== 'conditions') return {};
  const limit = textOf(owner, 'position_quantity_max_micros');
  if (limit === '0') return { position_max_micros: '-1' };
  const isUnlimited = limit === '' && ['', '0'].includes(textOf(row, 'position_max_micros'));
  return isUnlimited ? {} : { position_max_micros: limit };
}
