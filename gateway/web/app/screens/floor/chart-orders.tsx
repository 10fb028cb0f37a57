import { computed, signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Order } from '#gen/outcry/order/v1/order_pb.ts';
import { OrderType } from '#gen/outcry/trading/v1/trading_pb.ts';
import { figureText } from '../../figures/figure-text.ts';
import { instruments, placesFor } from '../../store/instruments.ts';
import { openOrders } from '../../store/own-orders.ts';
import { selectedSymbol } from '../../store/selection.ts';
import { amendOrder, losesPlace } from '../../trading/amend.ts';
import { cancelOrders } from '../../trading/cancel.ts';
import './chart-orders.css';
import type { ChartView } from './chart-view.ts';
import { draggedField, tickPrice } from './order-drag.ts';
import { sideText } from './order-text.ts';
import { followTrails, isTrailing, trailTriggers } from './trail-trigger.ts';

const shownMax = 30;
const refusalForMs = 10_000;
const edgePx = 11;
const edgeStepPx = 92;

/** The order that is dragged, with the price it is dragged to. */
type Drag = { order: Order; price: string; isSending: boolean };

const drag = signal<Drag | undefined>(undefined);
const refusal = signal('');

/** Own orders of the selected symbol that have a price, newest first; at most 30. */
export const chartOrders = computed(() =>
  openOrders.value.filter((order) => order.symbol === selectedSymbol.value && priceOf(order) !== '').slice(0, shownMax),
);

/** The price at which an order stands on the chart, of one that trails where it would trigger now; decimal; empty: none. */
export function priceOf(order: Order): string {
  if (isTrailing(order)) return trailTriggers.value.get(order.orderId) ?? '';
  const field = draggedField(order);
  return field === undefined ? order.stopPrice : order[field];
}

/** Own orders at their prices over the chart: dragged to amend them, cancelled by a press. Until it is answered both prices are seen. */
export function ChartOrders({ view }: { view: ChartView }) {
  const element = useRef<HTMLDivElement>(null);
  const place = () => {
    if (element.current !== null) placeAll(element.current, view);
  };
  useEffect(() => {
    view.onPaint(place);
    return () => view.onPaint(() => {});
  }, [view]);
  useEffect(followTrails, []);
  // Also where nothing else is painted.
  useEffect(place);
  const moved = drag.value;
  // Its line is gone, and with it what ends the drag.
  const hasEnded = moved !== undefined && !moved.isSending && !isShown(moved.order);
  useEffect(() => {
    if (!hasEnded) return;
    drag.value = undefined;
    showRefusal('The order ended, or is not shown any more: nothing was amended.');
  }, [hasEnded]);
  return (
    <div ref={element} class="chart-orders">
      {chartOrders.value.map((order) => (
        <OrderHandle key={order.orderId} order={order} view={view} />
      ))}
      {moved !== undefined && (
        <div class="chart-order ghost" data-price={moved.price}>
          <span>{ghostText(moved)}</span>
        </div>
      )}
      {refusal.value !== '' && <p class="chart-refusal">{refusal}</p>}
    </div>
  );
}

function OrderHandle({ order, view }: { order: Order; view: ChartView }) {
  const field = draggedField(order);
  const text = handleText(order);
  const name = `${text} at ${figureText(priceOf(order), { places: placesFor(order.symbol).price })}`;
  const isDragged = drag.value?.order.orderId === order.orderId;
  const moveTo = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    const top = event.currentTarget.closest('.chart-orders')?.getBoundingClientRect().top ?? 0;
    const price = view.priceAt(event.clientY - top);
    const tick = instruments.peek().get(order.symbol)?.tickSize ?? '0.01';
    if (price !== undefined)
      drag.value = { order, price: tickPrice(price, tick, placesFor(order.symbol).price), isSending: false };
  };
  return (
    <div class="chart-order" data-price={priceOf(order)} data-dragged={isDragged || undefined}>
      <button
        type="button"
        class="handle"
        tabIndex={-1}
        disabled={field === undefined || drag.value?.isSending}
        aria-label={field === undefined ? name : `${name}: drag to amend`}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          refusal.value = '';
        }}
        onPointerMove={(event) => event.currentTarget.hasPointerCapture(event.pointerId) && moveTo(event)}
        onPointerUp={() => void drop()}
        onPointerCancel={leave}
        onKeyDown={(event) => event.key === 'Escape' && leave()}
      >
        {text}
      </button>
      <button
        type="button"
        class="cancel"
        tabIndex={-1}
        aria-label={`${name}: cancel`}
        onClick={() => void cancelOrders([order])}
      >
        {'\u00d7'}
      </button>
    </div>
  );
}

// An exit of a list has no quantity of its own before its entry trades.
function handleText({ side, quantity, type }: Order): string {
  if (Number(quantity) > 0) return `${sideText(side)} ${figureText(quantity, { trimmed: true })}`;
  return type === OrderType.LIMIT ? 'Target' : 'Stop';
}

function leave(): void {
  if (drag.peek()?.isSending !== true) drag.value = undefined;
}

// The line is where the order is: a refused amend leaves it there, with the reason.
async function drop(): Promise<void> {
  const moved = drag.peek();
  if (moved === undefined || moved.isSending) return;
  const { order, price } = moved;
  const field = draggedField(order);
  if (field === undefined || Number(price) === Number(priceOf(order))) return leave();
  drag.value = { ...moved, isSending: true };
  const reason = await amendOrder(order, { [field]: price });
  drag.value = undefined;
  if (reason !== '')
    showRefusal(`Stays at ${figureText(priceOf(order), { places: placesFor(order.symbol).price })}. ${reason}`);
}

function isShown({ orderId }: Order): boolean {
  return chartOrders.value.some((order) => order.orderId === orderId);
}

function showRefusal(text: string): void {
  refusal.value = text;
  setTimeout(() => {
    refusal.value = '';
  }, refusalForMs);
}

function ghostText({ order, price, isSending }: Drag): string {
  const text = figureText(price, { places: placesFor(order.symbol).price });
  if (isSending) return `${text}, amending`;
  const field = draggedField(order) ?? 'limitPrice';
  return losesPlace(order, { [field]: price }) ? `${text}, end of the queue` : text;
}

// An order beyond what is seen stands at the edge, several of them side by side.
function placeAll(element: HTMLElement, view: ChartView): void {
  const { height, axisWidth } = view.size();
  const atEdge = { top: axisWidth, bottom: axisWidth };
  for (const one of element.querySelectorAll<HTMLElement>('.chart-order')) {
    const y = view.heightOf(Number(one.dataset.price));
    one.hidden = y === undefined;
    if (y === undefined) continue;
    const seen = Math.max(edgePx, Math.min(height - edgePx, y));
    one.style.transform = `translateY(${seen}px)`;
    const edge = seen === y || one.classList.contains('ghost') ? undefined : seen < y ? 'bottom' : 'top';
    one.style.right = `${edge === undefined ? axisWidth : atEdge[edge]}px`;
    one.toggleAttribute('data-beyond', edge !== undefined);
    if (edge !== undefined) atEdge[edge] += edgeStepPx;
  }
}
