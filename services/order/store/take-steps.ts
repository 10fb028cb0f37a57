import type { Sql } from '#platform/postgres/sql.ts';
import type { Order } from '../domain/order.ts';
import type { OrderState } from '../domain/order-state.ts';

/** A step of the saga, from the order as it was read. */
export type Step = {
  order: Pick<Order, 'orderId' | 'version' | 'state'>;
  to: Extract<OrderState, 'compensating'>;
};

const stepSql = `
  WITH locked AS MATERIALIZED (
    SELECT o.order_id, s.next_state
    FROM orders AS o
    JOIN unnest($1::uuid[], $2::int[], $3::text[], $4::text[]) AS s (order_id, version, state, next_state)
      ON o.order_id = s.order_id AND o.version = s.version AND o.state = s.state
    ORDER BY o.order_id FOR UPDATE OF o
  )
  UPDATE orders AS o SET state = locked.next_state, version = o.version + 1
  FROM locked WHERE o.order_id = locked.order_id
  RETURNING o.order_id`;

/**
 * Takes steps by compare-and-set on state and version, one statement for all; true for each that was taken. The owner does not see these
 * steps, so they need no lock on the account.
 */
export async function takeSteps(db: Sql, steps: Step[]): Promise<boolean[]> {
  const { rows } = await db.query<{ order_id: string }>(stepSql, [
    steps.map(({ order }) => order.orderId),
    steps.map(({ order }) => order.version),
    steps.map(({ order }) => order.state),
    steps.map(({ to }) => to),
  ]);
  const taken = new Set(rows.map((row) => row.order_id));
  return steps.map(({ order }) => taken.has(order.orderId));
}
