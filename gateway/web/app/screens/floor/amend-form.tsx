import { signal } from '@preact/signals';
import { useLayoutEffect, useState } from 'preact/hooks';
import type { Order } from '#gen/outcry/order/v1/order_pb.ts';
import { instruments } from '../../store/instruments.ts';
import { amendOrder, losesPlace } from '../../trading/amend.ts';
import { Button } from '../../ui/button.tsx';
import { DecimalField } from '../../ui/decimal-field.tsx';
import { plainDecimal } from './draft-values.ts';
import { sideText } from './order-text.ts';

const amended = signal<Order | undefined>(undefined);

/** Opens the form for an order; its first field has the focus. */
export function beginAmend(order: Order): void {
  amended.value = order;
  focusFirst();
}

function focusFirst(): void {
  document.getElementById('amend-quantity')?.focus();
}

/** The form by which quantity and price of an order are changed; says what that costs. */
export function AmendForm() {
  const order = amended.value;
  return order === undefined ? null : <Form key={order.orderId} order={order} />;
}

function Form({ order }: { order: Order }) {
  const hasStop = order.stopPrice !== '' && order.triggerTime === undefined;
  const [quantity, setQuantity] = useState(order.quantity);
  const [price, setPrice] = useState(hasStop ? order.stopPrice : order.limitPrice);
  const [problem, setProblem] = useState('');
  // With the form and not a frame later: what is typed by then is for the field that has the focus then.
  useLayoutEffect(focusFirst, []);
  const instrument = instruments.value.get(order.symbol);
  const to = { quantity: plainDecimal(quantity), [hasStop ? 'stopPrice' : 'limitPrice']: plainDecimal(price) };
  const close = () => {
    amended.value = undefined;
  };
  const send = async (event: Event) => {
    event.preventDefault();
    const refusal = await amendOrder(order, to);
    if (refusal === '') close();
    else setProblem(refusal);
  };
  return (
    <form class="amend" aria-label="Amend" onSubmit={send} onKeyDown={(event) => event.key === 'Escape' && close()}>
      <b>
        {sideText(order.side)} {order.symbol}
      </b>
      <DecimalField
        id="amend-quantity"
        label="Quantity"
        value={quantity}
        onInput={setQuantity}
        step={instrument?.lotSize ?? '1'}
      />
      <DecimalField
        id="amend-price"
        label={hasStop ? 'Stop price' : 'Price'}
        value={price}
        onInput={setPrice}
        step={instrument?.tickSize ?? '0.01'}
      />
      <Button type="submit" kind="you">
        Amend
      </Button>
      <Button onClick={close}>Leave it</Button>
      <span class="dim">
        {problem ||
          (losesPlace(order, to) ? 'Goes to the end of the queue at its price.' : 'Stays at its place in the queue.')}
      </span>
    </form>
  );
}
