/** The orders of the logged-in user, open ones with a button that cancels them. */
import { user } from './api.ts';
import { CallError, errorText } from './call-error.ts';
import { byId, element, setText } from './dom.ts';
import { follow } from './follow.ts';
import { grouped, timeOfDay, words } from './format.ts';
import { isFinal, laterOf, type Order, priceText, statusText } from './order.ts';
import { type Column, createTable, figureColumn, textColumn } from './table.ts';
import type { Json } from './transport.ts';

const service = 'outcry.order.v1.OrderService';
const finalShownMax = 20;
const openShownMax = 200;

/** Shows the orders of the session until the signal aborts; `onOrder` is called with each new state of an order. */
export function showOrders(signal: AbortSignal, onOrder: (order: Order) => void): void {
  const orders = new Map<string, Order>();
  let resumeToken = '';
  const show = createTable<Order>({
    body: byId('orders'),
    keyOf: ({ orderId }) => orderId,
    emptyText: 'No orders yet.',
    columns: [
      textColumn(({ symbol }) => symbol),
      textColumn(({ side }) => words(side, 'SIDE_')),
      figureColumn(({ quantity }) => grouped(quantity)),
      figureColumn(priceText),
      figureColumn(({ filledQuantity }) => grouped(filledQuantity)),
      figureColumn(({ averageFillPrice }) => grouped(averageFillPrice)),
      textColumn(statusText),
      textColumn(({ createTime }) => timeOfDay(createTime)),
      cancelColumn,
    ],
  });
  const put = (received: readonly Order[]) => {
    for (const order of received) {
      const later = laterOf(orders.get(order.orderId), order);
      orders.set(order.orderId, later);
      onOrder(later);
    }
    const shown = shownOf(orders);
    for (const orderId of orders.keys()) if (!shown.some((order) => order.orderId === orderId)) orders.delete(orderId);
    if (!signal.aborted) show(shown);
  };
  const read = async (request: Json) => {
    const { orders: listed = [] } = await user.call(`${service}/ListOrders`, request);
    return listed as Order[];
  };
  signal.addEventListener('abort', () => show([]));
  show([]);
  void follow(
    {
      stream: (untilSignal) => streamFrom(resumeToken, untilSignal),
      poll: async () => ({ snapshot: { orders: await read({ openOnly: true, pageSize: openShownMax }) } }),
      onMessage(message) {
        resumeToken = String(message.resumeToken ?? '');
        const { snapshot, order } = message as { snapshot?: { orders?: Order[] }; order?: Order };
        if (order !== undefined) put([order]);
        if (snapshot === undefined) return;
        // The snapshot has all open orders; the final states of the others are read with the list.
        for (const [orderId, known] of orders) if (!isFinal(known)) orders.delete(orderId);
        put(snapshot.orders ?? []);
        void read({ pageSize: finalShownMax }).then(put, () => {});
      },
    },
    signal,
  );
}

async function* streamFrom(resumeToken: string, signal: AbortSignal): AsyncGenerator<Json> {
  try {
    yield* user.stream(`${service}/StreamOrders`, { resumeToken }, signal);
  } catch (error) {
    // The resume token is refused, for example after the service lost its history: start without one.
    if (!(error instanceof CallError) || error.code !== 'invalid_argument' || resumeToken === '') throw error;
    yield* user.stream(`${service}/StreamOrders`, {}, signal);
  }
}

// Newest first: ids begin with their creation time.
function shownOf(orders: ReadonlyMap<string, Order>): Order[] {
  const newest = [...orders.values()].sort((one, other) => (one.orderId < other.orderId ? 1 : -1));
  let openLeft = openShownMax;
  let finalLeft = finalShownMax;
  return newest.filter((order) => (isFinal(order) ? finalLeft-- > 0 : openLeft-- > 0));
}

const cancelColumn: Column<Order> = (cell, order) => {
  const button = cell.querySelector('button');
  if (isFinal(order)) {
    // The focus would be lost with the button.
    if (button !== null && document.activeElement === button) byId('orders-title').focus();
    button?.remove();
  } else if (button === null) {
    const created = element('button', 'Cancel');
    created.type = 'button';
    created.ariaLabel = `Cancel ${words(order.side, 'SIDE_')} ${order.quantity ?? ''} ${order.symbol}`;
    created.addEventListener('click', () => void cancel(order.orderId));
    cell.append(created);
  }
};

async function cancel(orderId: string): Promise<void> {
  const answer = byId('orders-answer');
  setText(answer, '');
  await user.call(`${service}/CancelOrder`, { orderId }).then(
    () => setText(answer, 'Cancelled.'),
    (error: unknown) => setText(answer, errorText(error)),
  );
}
