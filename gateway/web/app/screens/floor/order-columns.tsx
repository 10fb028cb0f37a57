import type { Timestamp } from '@bufbuild/protobuf/wkt';
import type { Order } from '#gen/outcry/order/v1/order_pb.ts';
import { OrderType, Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { Figure } from '../../figures/figure.tsx';
import { millisOf, timeText } from '../../figures/time-text.ts';
import { placesFor } from '../../store/instruments.ts';
import { nowMs, zone } from '../../store/market-clock.ts';
import { sideText } from './order-text.ts';

/** A time of day in the zone of the page, with the date once it is not today. */
export function TimeCell({ time }: { time: Timestamp | undefined }) {
  return <span class="figure">{timeText(millisOf(time), zone.value, nowMs.peek())}</span>;
}

/** The side with its colour and its word. */
export function SideCell({ side }: { side: Side }) {
  return <span class={side === Side.SELL ? 'ask' : 'bid'}>{sideText(side)}</span>;
}

/** Prices of an order: its limit, or the price that it waits for; none at market, where the worst price is no price that was asked for. */
export function PriceCell({ order }: { order: Order }) {
  const { price } = placesFor(order.symbol);
  if (order.trailPercent !== '') return <Figure value={order.trailPercent} places={2} unit="% trail" />;
  if (order.trailAmount !== '') return <Figure value={order.trailAmount} places={price} unit="trail" />;
  if (order.stopPrice !== '') return <Figure value={order.stopPrice} places={price} unit="stop" />;
  return <Figure value={order.type === OrderType.MARKET ? undefined : order.limitPrice} places={price} />;
}

/** A quantity in lots. */
export function QuantityCell({ quantity }: { quantity: string }) {
  return <Figure value={quantity} trimmed />;
}
