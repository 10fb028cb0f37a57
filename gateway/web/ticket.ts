/** The order ticket and the list of orders. */
import { call, RefusedError, stream } from './api.ts';
import { byId, cell, keepUp, row } from './dom.ts';

type Order = {
  orderId: string;
  symbol: string;
  side: string;
  quantity?: string;
  limitPrice?: string;
  filledQuantity?: string;
  status: string;
};

const shownMax = 20;
const finalStatuses = ['ORDER_STATUS_FILLED', 'ORDER_STATUS_CANCELLED', 'ORDER_STATUS_REJECTED'];

/** Wires the ticket form. Each press of the button is one order, however often the network repeats it. */
export function wireTicket(): void {
  const form = byId<HTMLFormElement>('ticket');
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const { symbol, side, type, quantity, limitPrice } = Object.fromEntries(new FormData(form)) as Record<
      string,
      string
    >;
    const isLimit = type === 'ORDER_TYPE_LIMIT';
    const terms = { symbol: symbol?.toUpperCase(), side, type, quantity, ...(isLimit && { limitPrice }) };
    const answer = byId('ticket-answer');
    call('outcry.order.v1.OrderService/PlaceOrder', { clientOrderId: crypto.randomUUID(), terms }).then(
      ({ order }) => {
        answer.textContent = `Order ${words((order as Order).status)}.`;
      },
      (error: Error) => {
        answer.textContent = error instanceof RefusedError ? refusalText(error) : error.message;
      },
    );
  });
}

/** Shows the orders of the session until the signal aborts. */
export async function showOrders(signal: AbortSignal): Promise<void> {
  const button = byId<HTMLFormElement>('ticket').querySelector('button');
  if (button !== null) button.disabled = false;
  signal.addEventListener('abort', () => {
    if (button !== null) button.disabled = true;
    byId('orders').replaceChildren();
  });
  const orders = new Map<string, Order>();
  const show = (order: Order) => {
    orders.delete(order.orderId);
    orders.set(order.orderId, order);
    byId('orders').replaceChildren(...[...orders.values()].slice(-shownMax).reverse().map(orderRow));
  };
  await keepUp(
    async () => {
      for await (const message of stream('outcry.order.v1.OrderService/StreamOrders', {}, signal)) {
        const { snapshot, order } = message as { snapshot?: { orders?: Order[] }; order?: Order };
        for (const one of snapshot?.orders ?? (order === undefined ? [] : [order])) show(one);
      }
    },
    signal,
    () => {},
  );
}

function orderRow(order: Order): HTMLTableRowElement {
  const element = row(
    [order.symbol],
    [words(order.side)],
    [order.quantity ?? '', 'number'],
    [order.limitPrice ?? '', 'number'],
    [order.filledQuantity ?? '', 'number'],
    [words(order.status)],
  );
  const last = cell('');
  if (!finalStatuses.includes(order.status)) {
    const cancel = document.createElement('button');
    cancel.type = 'button';
    cancel.textContent = 'Cancel';
    cancel.addEventListener('click', () => {
      void call('outcry.order.v1.OrderService/CancelOrder', { orderId: order.orderId }).catch(() => {});
    });
    last.append(cancel);
  }
  element.append(last);
  return element;
}

function words(name: string): string {
  return name
    .replace(/^(SIDE|ORDER_STATUS)_/, '')
    .replaceAll('_', ' ')
    .toLowerCase();
}

function refusalText(error: RefusedError): string {
  const numbers = Object.entries(error.metadata).map(([name, value]) => `${name} ${value}`);
  return numbers.length === 0 ? error.message : `${error.message} (${numbers.join(', ')})`;
}
