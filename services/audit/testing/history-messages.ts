/** The messages that ledger and order service have published of a history. Written apart from the audit. */
import { uuidV7Of } from '#platform/ids/uuid-v7.ts';
import type { StoredRow } from '../domain/row.ts';
import { type History, idOf, timeMs } from './history.ts';
import { adjustmentsOf, tradesBefore } from './history-adjustments.ts';
import { rowOf } from './row-of.ts';

/** Where they are: every third waits in its outbox, the others were received. */
export function messageTables(
  history: History,
  position: number,
): { ledger: StoredRow[]; order: StoredRow[]; received: StoredRow[] } {
  const transfers = history.accounts.map((_, index) => {
    const id = idOf('cccc', index);
    return uuidV7Of(Number.parseInt(id.slice(0, 13).replace('-', ''), 16), `${id} completed`);
  });
  const trades = history.events.slice(0, position).filter(({ kind }) => kind === 'traded').length;
  for (const { adjustmentId, timeMs: at } of trades < tradesBefore ? [] : adjustmentsOf(history)) {
    transfers.push(uuidV7Of(at, `${adjustmentId} booked`));
  }
  const orders = orderFacts(history, position).map((fact) => uuidV7Of(Number(timeMs), fact));
  const waits = (_: string, index: number) => index % 3 === 0;
  const rows = (ids: string[]) => ids.map((id) => rowOf(id, {}));
  const received = [...transfers, ...orders].filter(
    (id) => !idsOf(transfers, waits).has(id) && !idsOf(orders, waits).has(id),
  );
  return {
    ledger: rows(transfers.filter(waits)),
    order: rows(orders.filter(waits)),
    received: rows(received),
  };
}

const idsOf = (ids: string[], isWanted: (id: string, index: number) => boolean) => new Set(ids.filter(isWanted));

/** What happened to orders of people: opened where they stayed, filled, ended. */
function orderFacts({ orders, events }: History, position: number): string[] {
  const facts: string[] = [];
  const isNews = (orderId: string) => orders.get(orderId)?.house === false;
  for (const event of events.slice(0, position)) {
    if (event.kind === 'traded') {
      for (const { orderId } of [event.maker, event.taker]) {
        if (isNews(orderId)) facts.push(`${orderId} ${event.tradeId}`);
      }
    } else if (isNews(event.orderId)) {
      if (event.kind === 'accepted') facts.push(`${event.orderId} opened`);
      else if (event.kind !== 'replaced') facts.push(`${event.orderId} ended`);
    }
  }
  return facts;
}
