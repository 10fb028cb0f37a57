/** Lists: all of their orders or none, and exits that never trade more together than one of them may. */
import { microsOf, type Operation, type SeenOrder } from '../traffic/operations.ts';
import type { Finding } from './finding.ts';
import type { Stores } from './stores.ts';

type LegRow = {
  list_id: string;
  list_type: string;
  list_index: number;
  order_id: string;
  state: string;
  filled_micros: string;
};

const legCounts: Readonly<Record<string, number>> = { oco: 2, oto: 2, bracket: 3 };

/** What the order service has of each list, beside what its client asked for. */
export async function checkLists(stores: Stores, operations: readonly Operation[]): Promise<Finding[]> {
  const rows = await stores.read<LegRow>(
    'order',
    `SELECT list_id, list_type, list_index, order_id, state, filled_lots * lot_micros AS filled_micros
     FROM orders WHERE list_id IS NOT NULL`,
  );
  const ordered = new Map(
    operations.filter(({ kind }) => kind === 'place-list').flatMap((operation) => quantityOf(operation)),
  );
  return [...Map.groupBy(rows, ({ list_id }) => list_id)].flatMap(([listId, legs]) =>
    checkList(listId, legs, ordered.get(listId)),
  );
}

/** The quantity that a list was placed with, by its id as an answer showed it. */
function quantityOf({ answers, body }: Operation): [string, bigint][] {
  const [first] = body.orders as { terms: { quantity: string } }[];
  return answers.flatMap((answer) => {
    const orders = answer.kind === 'done' ? (answer.items ?? []).flatMap(orderOf) : [];
    const listId = orders[0]?.listId;
    return listId === undefined ? [] : [[listId, microsOf(first?.terms.quantity ?? '0')]];
  });
}

function orderOf(item: { kind: string; order?: SeenOrder }): SeenOrder[] {
  return item.order === undefined ? [] : [item.order];
}

function checkList(listId: string, legs: readonly LegRow[], ordered: bigint | undefined): Finding[] {
  const subject = `list ${listId}`;
  const type = legs[0]?.list_type ?? '';
  const found: Finding[] = [];
  const note = (rule: string, detail: string) => found.push({ rule, subject, detail });
  if (legs.length !== legCounts[type]) note('list-is-whole', `${type} of ${legs.length} orders`);
  const rejected = legs.filter(({ state }) => state === 'rejected').length;
  if (rejected > 0 && rejected < legs.length)
    note('list-is-whole', `${rejected} of ${legs.length} orders are rejected`);
  const isEntry = ({ list_index }: LegRow) => type !== 'oco' && list_index === 0;
  const entry = sumOf(legs.filter(isEntry));
  const exits = sumOf(legs.filter((leg) => !isEntry(leg)));
  const most = type === 'oco' ? ordered : entry;
  if (most !== undefined && exits > most) note('exits-trade-once', `traded ${exits} millionths of ${most}`);
  return found;
}

function sumOf(legs: readonly LegRow[]): bigint {
  return legs.reduce((sum, { filled_micros }) => sum + BigInt(filled_micros), 0n);
}
