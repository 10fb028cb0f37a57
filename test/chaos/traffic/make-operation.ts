/** Makes a call of a draft: its key, its body, and the orders that it names. */
import { createHash } from 'node:crypto';
import { changesOf } from './changes.ts';
import type { KnownOrders } from './known-orders.ts';
import type { Draft } from './mix.ts';
import { createOperation, type Operation, type OperationKind } from './operations.ts';
import { sessionName, type TermsSource } from './terms.ts';

/** What a call is made of beside its draft. */
export type OperationSource = TermsSource & {
  seed: number;
  /** Number of the call. */
  number: number;
  known: KnownOrders;
};

const orders = 'outcry.order.v1.OrderService';
const ledger = 'outcry.ledger.v1.LedgerService';
const sessionTtl = '20s';
const cancelledMax = 5;

/** The call; undefined where it needs an order and its user knows of none. */
export function makeOperation(
  draft: Exclude<Draft, { kind: 'repeat' }>,
  source: OperationSource,
): Operation | undefined {
  const { kind, user } = draft;
  const { number, seed } = source;
  const key = createHash('sha256').update(`${seed} ${number}`).digest('hex').slice(0, 32);
  const make = (rpc: string, body: Record<string, unknown>, keys: { key?: string; orderKeys?: string[] } = {}) =>
    createOperation({ number, user, kind: kind as OperationKind, key: '', rpc, body, ...keys });
  const itemKeys = (count: number) => Array.from({ length: count }, (_, index) => `${key}-${index}`);
  switch (draft.kind) {
    case 'place':
      return make(`${orders}/PlaceOrder`, { clientOrderId: key, terms: draft.terms }, { key });
    case 'place-batch': {
      const orderKeys = itemKeys(draft.terms.length);
      const items = draft.terms.map((terms, index) => ({ clientOrderId: orderKeys[index], terms }));
      // Every other one as changes of books, whose results are in the same sequence.
      if (number % 2 === 0) return make(`${orders}/PlaceOrders`, { orders: items }, { key, orderKeys });
      const changes = items.map((item) => ({ symbol: item.terms.symbol, placings: [item] }));
      return make(`${orders}/ChangeOrders`, { changes }, { key, orderKeys });
    }
    case 'place-list': {
      const orderKeys = itemKeys(draft.list.orders.length);
      const items = draft.list.orders.map((terms, index) => ({ clientOrderId: orderKeys[index], terms }));
      const body = { clientListId: key, type: draft.list.type, orders: items };
      return make(`${orders}/PlaceOrderList`, body, { key, orderKeys });
    }
    case 'close':
      return make(`${orders}/ClosePosition`, { symbol: draft.symbol, clientOrderId: key, ...draft.part }, { key });
    case 'cancel-all': {
      const body = { ...draft.filter, ...(draft.isKeyed ? { idempotencyKey: key } : {}) };
      return make(`${orders}/CancelAllOrders`, body, draft.isKeyed ? { key } : {});
    }
    case 'keep-alive':
      return make(`${orders}/KeepSessionAlive`, { sessionId: sessionName, ttl: sessionTtl });
    case 'deposit':
      return make(`${ledger}/Deposit`, { idempotencyKey: key, amount: draft.amount }, { key });
    case 'withdraw':
      return make(`${ledger}/Withdraw`, { idempotencyKey: key, amount: draft.amount }, { key });
    default:
      return ofKnownOrder(draft.kind);
  }

  function ofKnownOrder(which: 'replace' | 'cancel' | 'cancel-batch'): Operation | undefined {
    const { known, random } = source;
    if (which === 'replace') {
      const order = known.pick(user, random);
      if (order === undefined) return undefined;
      const body = { orderId: order.orderId, idempotencyKey: key, ...changesOf(source, order) };
      return make(`${orders}/ReplaceOrder`, body, { key });
    }
    const count = which === 'cancel' ? 1 : 2 + random.below(cancelledMax - 1);
    const taken = Array.from({ length: count }, () => known.take(user, random)?.orderId);
    const orderIds = taken.filter((orderId) => orderId !== undefined);
    if (orderIds.length === 0) return undefined;
    if (which === 'cancel') return make(`${orders}/CancelOrder`, { orderId: orderIds[0] });
    return make(`${orders}/CancelOrders`, { orderIds });
  }
}
