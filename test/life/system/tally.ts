/** What was asked for in a random life, and what came of it. */
import { isSettled, type Operation } from '../../chaos/traffic/operations.ts';
import { Fraction } from '../fraction.ts';
import type { LifeOrder } from './read-account.ts';

const types = ['MARKET', 'LIMIT', 'STOP', 'STOP_LIMIT', 'TRAILING_STOP', 'ICEBERG'];

/** Calls that were carried out by their kind, and orders that have traded by their type. */
export function tallyOf(operations: readonly Operation[], orders: readonly LifeOrder[]): Record<string, number> {
  const done = operations.filter(({ answers }) => answers[0]?.kind === 'done');
  const calls = Map.groupBy(done, ({ kind }) => kind);
  const kinds = [...new Set(operations.map(({ kind }) => kind))].sort();
  const traded = orders.filter(({ filledQuantity = '0' }) => !/^[0.]*$/.test(filledQuantity));
  return {
    ...Object.fromEntries(kinds.map((kind) => [kind, calls.get(kind)?.length ?? 0])),
    ...Object.fromEntries(
      types.map((type) => [`traded ${type}`, traded.filter((order) => order.type === `ORDER_TYPE_${type}`).length]),
    ),
    refused: operations.filter((operation) => isSettled(operation) && operation.answers[0]?.kind === 'refused').length,
  };
}

/** The quantity that each list was asked for with, by its client_list_id. */
export function listQuantities(operations: readonly Operation[]): Map<string, Fraction> {
  const asked = operations.filter(({ kind }) => kind === 'place-list');
  return new Map(
    asked.map(({ key, body }) => {
      const [first] = body.orders as { terms: { quantity: string } }[];
      return [key, Fraction.of(first?.terms.quantity)];
    }),
  );
}
