/** What the order service stores of a history. Written apart from the audit. */
import type { StoredRow } from '../domain/row.ts';
import { type History, symbol } from './history.ts';
import { ceilFee, frozen, type Live, type replay } from './replay-history.ts';
import { rowOf } from './row-of.ts';

const timeMs = 1_700_000_000_000n;

/** Its tables. */
export function orderTables(
  history: History,
  { live, settled }: ReturnType<typeof replay>,
  position: number,
): Record<string, StoredRow[]> {
  const orders = [...live.values()].map((order) =>
    rowOf(order.placed.orderId, {
      ...frozen(history, order),
      state: order.state,
      shard: 0,
      house: order.placed.house,
      quantity_lots: order.lots,
      price_ticks: order.price,
      filled_lots: order.filled,
      maker_value_micros: order.maker,
      taker_value_micros: order.taker,
      fee_micros: ceilFee(history, order),
      compensated: false,
      accepted_position: order.acceptedAt === '' ? '' : order.acceptedAt,
      final_position: order.endedAt,
      create_time_ms: timeMs,
      update_time_ms: timeMs,
      trigger_time_ms: '',
      type: 'limit',
      time_in_force: 'gtc',
      by_amount: order.placed.byAmount !== undefined,
      replace_lots: order.change?.lots ?? '',
      replace_price_ticks: order.change?.priceTicks ?? '',
      list_ticks: order.placed.list ? countedTicks(order) : '',
    }),
  );
  const fills = settled.flatMap(({ event, value, makerFee, takerFee }) =>
    (['maker', 'taker'] as const).map((role) => {
      const { orderId, accountId, side } = event[role];
      return rowOf(`${orderId}/${event.tradeId}`, {
        trade_id: event.tradeId,
        order_id: orderId,
        account_id: accountId,
        symbol,
        side,
        lots: event.lots,
        price_ticks: event.priceTicks,
        lot_micros: history.lotMicros,
        value_micros: value,
        fee_micros: role === 'maker' ? makerFee : takerFee,
        maker: role === 'maker',
        feed_sequence: event.sequence,
      });
    }),
  );
  const replaces = changesAt(history, position);
  return { orders, fills, replaces, accounts: history.accounts.map((account) => counterRow(history, account, live)) };
}

function changesAt({ changes }: History, position: number): StoredRow[] {
  return changes
    .filter(({ from }) => from <= position)
    .map(({ orderId, number, lots, priceTicks, at }) =>
      rowOf(`${orderId}/${number}`, {
        state: at > position ? 'pending' : 'done',
        quantity_lots: lots,
        price_ticks: priceTicks,
        final_position: at > position ? '' : at,
      }),
    );
}

/** By which an order of a list counts: frozen, and not at all for its second exit. */
function countedTicks({ placed: { list, priceTicks } }: Live): bigint {
  return list?.role === 2 ? 0n : priceTicks;
}

function counterRow({ tickLotMicros }: History, accountId: string, live: ReadonlyMap<string, Live>): StoredRow {
  const own = [...live.values()].filter(
    ({ placed, state }) => placed.accountId === accountId && ['open', 'submitting'].includes(state),
  );
  const notional = own.reduce((sum, order) => sum + openNotional(order, tickLotMicros), 0n);
  return rowOf(accountId, { open_count: own.length, open_notional_micros: notional });
}

function openNotional(order: Live, tickLotMicros: bigint): bigint {
  const { placed, lots, filled, price, maker, taker, change } = order;
  if (placed.byAmount) return placed.byAmount.valueMax * tickLotMicros - maker - taker;
  const listTicks = placed.list && countedTicks(order);
  const next = change === undefined ? 0n : (change.lots - filled) * (listTicks ?? change.priceTicks);
  const values = [(lots - filled) * (listTicks ?? price), next];
  return values.reduce((most, value) => (value > most ? value : most)) * tickLotMicros;
}
