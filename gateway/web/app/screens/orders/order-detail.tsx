import type { Fill, Order } from '#gen/outcry/order/v1/order_pb.ts';
import { Figure } from '../../figures/figure.tsx';
import { exactMoney } from '../../figures/figure-text.ts';
import { Shown } from '../../reading/shown.tsx';
import { useReading } from '../../reading/use-reading.ts';
import { routeHash } from '../../router/route.ts';
import { go } from '../../router/router.ts';
import { orders } from '../../rpc/clients.ts';
import { placesFor } from '../../store/instruments.ts';
import { nowMs, zone } from '../../store/market-clock.ts';
import { isFinal } from '../../store/own-order-lists.ts';
import { ownOrders } from '../../store/own-orders.ts';
import { cancelling, cancelOrders } from '../../trading/cancel.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { ReadTable } from '../../ui/read-table.tsx';
import { Empty } from '../../ui/status.tsx';
import { QuantityCell, TimeCell } from '../floor/order-columns.tsx';
import { actText } from '../floor/order-text.ts';
import { orderFacts } from './order-facts.ts';

/** One order: its terms, its state with the reason, its fills, and the other orders of its list. */
export function OrderDetail({ orderId }: { orderId: string }) {
  // A change of the order in the stream is a reason to read its fills again.
  const version = ownOrders.value.get(orderId)?.version ?? 0n;
  const reading = useReading((signal) => readOrder(orderId, signal), { key: `${orderId} ${version}` });
  return (
    <aside class="detail" aria-label="Order" data-region tabIndex={-1}>
      <div class="detail-head">
        <h2>Order</h2>
        <Button kind="plain" aria-label="Close the order" onClick={() => go({ screen: 'orders', rest: '' })}>
          <Icon name="close" />
        </Button>
      </div>
      <Shown reading={reading} rows={10}>
        {({ order, fills, others }) => <Detail order={order} fills={fills} others={others} />}
      </Shown>
    </aside>
  );
}

type DetailProps = { order: Order; fills: readonly Fill[]; others: readonly Order[] };

function Detail({ order, fills, others }: DetailProps) {
  const places = placesFor(order.symbol);
  const isCancelling = cancelling.value.has(order.orderId) || order.cancelRequested;
  return (
    <>
      <p class="act">
        <b>{actText(order, places)}</b>
      </p>
      {!isFinal(order) && (
        <p class="buttons">
          <Button disabled={isCancelling} onClick={() => void cancelOrders([order])}>
            {isCancelling ? 'Cancelling' : 'Cancel the order'}
          </Button>
        </p>
      )}
      <dl class="pairs narrow">
        {orderFacts(order, { places, zone: zone.value, nowMs: nowMs.peek() }).map(([name, text]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <h2>Fills</h2>
      <Fills fills={fills} />
      {others.length > 0 && <h2>Others of its list</h2>}
      {others.map((other) => (
        <p key={other.orderId}>
          <a href={routeHash({ screen: 'orders', rest: other.orderId })}>{actText(other, places)}</a>
        </p>
      ))}
    </>
  );
}

function Fills({ fills }: { fills: readonly Fill[] }) {
  if (fills.length === 0) return <Empty>Nothing of it traded.</Empty>;
  return (
    <ReadTable
      label="Fills of the order"
      rows={fills}
      keyOf={({ tradeId }) => tradeId}
      columns={[
        { name: 'Time', cell: ({ time }) => <TimeCell time={time} /> },
        { name: 'Quantity', kind: 'number', cell: ({ quantity }) => <QuantityCell quantity={quantity} /> },
        {
          name: 'Price',
          kind: 'number',
          cell: ({ symbol, price }) => <Figure value={price} places={placesFor(symbol).price} />,
        },
        { name: 'Fee', kind: 'number', cell: ({ fee }) => <Figure value={fee} {...exactMoney} /> },
        { name: 'It', cell: ({ maker }) => (maker ? 'rested' : 'took') },
      ]}
    />
  );
}

async function readOrder(orderId: string, signal: AbortSignal): Promise<DetailProps> {
  const [{ order }, { fills }] = await Promise.all([
    orders.getOrder({ orderId }, { signal }),
    orders.listFills({ orderId, pageSize: 200 }, { signal }),
  ]);
  if (order === undefined) throw new Error('the answer has no order');
  if (order.listId === '') return { order, fills, others: [] };
  const list = await orders.listOrders({ listId: order.listId }, { signal });
  return { order, fills, others: list.orders.filter((other) => other.orderId !== orderId) };
}
