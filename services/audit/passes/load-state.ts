/** What was proved so far, as the passes go on from it. */
import type { Sql } from '#platform/postgres/sql.ts';
import { OpenOrders, type OrderShadow } from '../domain/order-shadow.ts';
import { deleteProved, readProved, saveProved } from '../store/proved.ts';
import type { Books } from './prove-entries.ts';

const numberTag = 'n';

/** The open orders at the checkpoints. */
export async function loadOpenOrders(sql: Sql): Promise<OpenOrders> {
  const stored = await readProved(sql, 'order');
  return new OpenOrders([...stored].map(([orderId, text]) => [orderId, parse<OrderShadow>(text)] as const));
}

/** Sums and holdings at the checkpoint of the ledger. */
export async function loadBooks(sql: Sql): Promise<Books> {
  const [sums, cash, positions] = [
    await readProved(sql, 'asset'),
    await readProved(sql, 'cash'),
    await readProved(sql, 'position'),
  ];
  return {
    sums: new Map([...sums].map(([key, text]) => [key, BigInt(text)])),
    holdings: {
      cash: new Map([...cash].map(([key, text]) => [key, BigInt(text)])),
      positions: new Map([...positions].map(([key, text]) => [key, parse(text)])),
    },
  };
}

/** Stores the orders that have changed; those that have ended are removed. */
export async function saveOpenOrders(tx: Sql, open: OpenOrders, changed: ReadonlySet<string>): Promise<void> {
  const values: [string, string][] = [];
  const ended: string[] = [];
  for (const orderId of changed) {
    const order = open.get(orderId);
    if (order === undefined) ended.push(orderId);
    else values.push([orderId, write(order)]);
  }
  await saveProved(tx, 'order', values);
  await deleteProved(tx, 'order', ended);
}

/** Stores the sums and holdings of what has changed: `<account>/<asset>`. */
export async function saveBooks(tx: Sql, { sums, holdings }: Books, changed: ReadonlySet<string>): Promise<void> {
  const keys = [...changed];
  const accounts = new Set(keys.map((key) => key.split('/')[0] ?? ''));
  await saveProved(
    tx,
    'asset',
    keys.map((key) => [key, String(sums.get(key) ?? 0n)] as const),
  );
  const cash = [...accounts].flatMap((account) => {
    const micros = holdings.cash.get(account);
    return micros === undefined ? [] : [[account, String(micros)] as const];
  });
  await saveProved(tx, 'cash', cash);
  const positions = keys.flatMap((key) => {
    const position = holdings.positions.get(key);
    return position === undefined ? [] : [[key, write(position)] as const];
  });
  await saveProved(tx, 'position', positions);
}

function write(value: object): string {
  return JSON.stringify(value, (_key, item) => (typeof item === 'bigint' ? `${item}${numberTag}` : item));
}

function parse<T>(text: string): T {
  return JSON.parse(text, (_key, item) =>
    typeof item === 'string' && /^-?\d+n$/.test(item) ? BigInt(item.slice(0, -1)) : item,
  ) as T;
}
