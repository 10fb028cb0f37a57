import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Order } from '#gen/outcry/order/v1/order_pb.ts';
import { ofPerson } from '../../rpc/session.ts';
import { instruments, placesFor } from '../../store/instruments.ts';
import { openOrders } from '../../store/own-orders.ts';
import { amendOrder, losesPlace } from '../../trading/amend.ts';
import { Button } from '../../ui/button.tsx';
import { DecimalField } from '../../ui/decimal-field.tsx';
import { SelectField } from '../../ui/field.tsx';
import { type AmendedField, amendedFields, changesOf } from './amended-fields.ts';
import { legText } from './open-rows.ts';
import { sideText } from './order-text.ts';

const labels: Record<AmendedField, string> = {
  limitPrice: 'Price',
  stopPrice: 'Stop price',
  trailAmount: 'Trail',
  trailPercent: 'Trail %',
};

/** The orders of the row that is amended as they were seen, and which of them. */
const amended = ofPerson<{ orders: readonly Order[]; orderId: string } | undefined>(undefined);

/** Opens the form for the orders of a row, the first of them chosen; its first field has the focus. */
export function beginAmend(orders: readonly Order[]): void {
  opener = document.activeElement;
  amended.value = { orders, orderId: orders[0]?.orderId ?? '' };
  focusFirst();
}

function close(): void {
  amended.value = undefined;
}

// What had the focus before the form took it.
let opener: Element | null = null;

function focusFirst(): void {
  document.getElementById('amend-quantity')?.focus();
}

/** The form by which quantity and price of an order are changed; says what that costs. */
export function AmendForm() {
  const { orders = [], orderId = '' } = amended.value ?? {};
  const order = orders.find((one) => one.orderId === orderId);
  // One that has ended, or is of another person, is not there any more.
  const isOpen = order !== undefined && openOrders.value.some((one) => one.orderId === orderId);
  return isOpen ? <Shown orders={orders} order={order} /> : null;
}

type FormProps = { orders: readonly Order[]; order: Order };

// The focus goes back to the row.
function Shown({ orders, order }: FormProps) {
  useLayoutEffect(
    () => () => {
      if (opener instanceof HTMLElement) opener.focus();
    },
    [],
  );
  return <Form key={order.orderId} orders={orders} order={order} />;
}

function Form({ orders, order }: FormProps) {
  const fields = amendedFields(order);
  const [quantity, setQuantity] = useState(order.quantity);
  const [values, setValues] = useState<Partial<Record<AmendedField, string>>>({});
  const [problem, setProblem] = useState('');
  // With the form and not a frame later: what is typed by then is for the field that has the focus then.
  useLayoutEffect(focusFirst, []);
  const instrument = instruments.value.get(order.symbol);
  const to = changesOf(order, { quantity, ...values });
  const isSending = useRef(false);
  const send = async (event: Event) => {
    event.preventDefault();
    if (isSending.current) return;
    if (Object.keys(to).length === 0) return close();
    isSending.current = true;
    const refusal = await amendOrder(order, to);
    isSending.current = false;
    if (refusal === '') close();
    else setProblem(refusal);
  };
  return (
    <form class="amend" aria-label="Amend" onSubmit={send} onKeyDown={(event) => event.key === 'Escape' && close()}>
      <b>
        {sideText(order.side)} {order.symbol}
      </b>
      {orders.length > 1 && <Leg orders={orders} order={order} />}
      <DecimalField
        id="amend-quantity"
        label="Quantity"
        value={quantity}
        onInput={setQuantity}
        step={instrument?.lotSize ?? '1'}
      />
      {fields.map((name, index) => (
        <DecimalField
          key={name}
          id={index === 0 ? 'amend-price' : `amend-${name}`}
          label={labels[name]}
          value={values[name] ?? order[name]}
          onInput={(value) => setValues({ ...values, [name]: value })}
          step={name === 'trailPercent' ? '0.1' : (instrument?.tickSize ?? '0.01')}
        />
      ))}
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

// Which order of a list; what was typed for another is dropped.
function Leg({ orders, order }: FormProps) {
  return (
    <SelectField
      id="amend-leg"
      label="Which"
      options={orders.map((one) => ({ value: one.orderId, text: legText(one, placesFor(one.symbol).price) }))}
      value={order.orderId}
      onChange={(orderId) => {
        amended.value = { orders, orderId };
      }}
    />
  );
}
