/** What single rows are changed to, each of which the audit must name. */
import { type Corruption, change, newId, proved, remove } from './corruption.ts';
import { corruptionsOfEvents, unheardOf } from './corruptions-of-events.ts';

const traded = `kind = 'trade' AND amount > 0`;
const own = `account_id NOT IN (SELECT account_id FROM account WHERE house)`;

const posting = `sequence || '/' || line`;
const balance = `account_id || '/' || asset`;
const held = `state = 'open' AND side = 'buy' AND list_id IS NULL`;
const heldSale = `state = 'open' AND side = 'sell' AND list_id IS NULL`;
const leg = `state = 'open' AND list_role`;
const settled = `state = 'settled' AND filled_lots > 0`;
const ended = `state = 'filled'`;
const fill = `order_id || '/' || trade_id`;
/** All of them. */
export const corruptions: readonly Corruption[] = [
  // Found with the exchange's events.
  change('ledger hold', settled, 'maker_value_micros = maker_value_micros + 1', 'order_id'),
  change('ledger hold', settled, `taker_bps = taker_bps + 1`, 'order_id'),
  change(
    'ledger hold',
    `${settled} AND amount_max_micros > 0`,
    'amount_max_micros = amount_max_micros + 10000',
    'order_id',
  ),
  remove('ledger hold', settled, 'order_id'),
  change('order orders', `${ended} AND side = 'buy'`, 'filled_lots = filled_lots - 1', 'order_id'),
  change('order orders', ended, `state = 'cancelled'`, 'order_id'),
  change('order orders', ended, 'fee_micros = fee_micros + 1', 'order_id'),
  change('order orders', ended, 'taker_value_micros = taker_value_micros + 1', 'order_id'),
  change('order orders', `state = 'cancelled'`, 'final_position = final_position + 1', 'order_id'),
  change('order orders', `state = 'rejected'`, `refusal_reason = 'OTHER'`, 'order_id', proved),
  change('order orders', ended, `client_order_id = 'another'`, 'order_id', proved),
  change('order orders', ended, `special_terms = '{"stopTicks": 1}'`, 'order_id', proved),
  change(
    'order orders',
    `special_terms -> 'amountMicros' IS NOT NULL`,
    `special_terms = special_terms - 'amountMicros'`,
    'order_id',
  ),
  change('order orders', ended, 'trigger_time = update_time', 'order_id', proved),
  change('order orders', `list_id IS NOT NULL AND state = 'cancelled'`, 'list_index = 9', 'order_id', proved),
  change('ledger hold', `list_id IS NOT NULL AND state = 'settled'`, 'list_role = 0', 'order_id'),
  change('order fills', 'true', 'fee_micros = fee_micros + 1', fill),
  change('order fills', 'true', 'lots = lots + 1', fill),
  change('order fills', 'true', 'price_ticks = price_ticks + 1', fill),
  change('order fills', 'true', 'maker = NOT maker', fill),
  remove('order fills', 'true', fill),
  {
    ...change('order fills', `order_id IN (SELECT order_id FROM orders WHERE ${ended})`, '', 'order_id'),
    change: { copyWith: { trade_id: `'0-777'`, change_sequence: '99999' } },
  },
  // Found with the ledger's entries.
  change('ledger posting', traded, 'amount = amount + 1', posting),
  change('ledger posting', `kind = 'fee' AND amount < 0`, 'amount = amount - 1', posting),
  change('ledger posting', `kind = 'fee'`, `kind = 'trade'`, posting),
  change('ledger posting', traded, `account_id = ${newId}`, posting),
  change('ledger posting', `${traded} AND order_id IS NOT NULL`, `order_id = ${newId}`, posting),
  change('ledger posting', `kind = 'deposit'`, `kind = 'withdrawal'`, posting),
  remove('ledger posting', traded, posting),
  {
    ...change('ledger posting', traded, '', `sequence || '/9'`),
    change: { copyWith: { line: '9' } },
  },
  change('ledger entry', `kind = 'trade'`, `reference = '0-999999'`, 'sequence'),
  change('ledger entry', `kind = 'cash'`, `kind = 'issue'`, 'sequence'),
  change('ledger entry', `kind = 'trade'`, `book_time = book_time + interval '1 second'`, 'sequence'),
  change('ledger entry', `kind = 'cash'`, `fact = set_byte(fact, length(fact) - 1, 65)`, 'sequence'),
  change(
    'ledger entry',
    `kind = 'cash'`,
    `fact = set_byte(fact, position(convert_to(reference, 'UTF8') IN fact) - 1, 90)`,
    'sequence',
  ),
  change('ledger entry', `kind = 'trade'`, `fact = fact || fact`, 'sequence', proved),
  remove('ledger entry', `kind = 'trade'`, 'sequence'),
  change(
    'ledger transfer',
    `status = 'completed' AND kind = 'deposit'`,
    'amount_micros = amount_micros + 1',
    'transfer_id',
  ),
  change('ledger transfer', `status = 'completed'`, `status = 'failed'`, 'transfer_id'),
  change('ledger transfer', `status = 'completed'`, `account_id = ${newId}`, 'transfer_id'),
  change(
    'ledger transfer',
    `status = 'completed'`,
    `create_time = create_time + interval '1 second'`,
    'transfer_id',
    proved,
  ),
  remove('ledger transfer', `status = 'completed'`, 'transfer_id'),
  {
    ...change('ledger transfer', `status = 'completed'`, '', newId),
    change: { copyWith: { transfer_id: newId } },
  },
  // Who asked for a correction and what; an entry without its command, and a command without its entry.
  remove('ledger adjustment', 'true', 'adjustment_id'),
  change('ledger adjustment', 'true', 'amount = amount + 1', 'adjustment_id'),
  change('ledger adjustment', 'true', `adjusted_by = ${newId}`, 'adjustment_id'),
  {
    ...change('ledger adjustment', 'true', '', newId),
    change: { copyWith: { adjustment_id: newId } },
  },
  {
    ...change('ledger payment_finding', 'true', '', `'payment missing at bank'`),
    change: {
      add: {
        ...{ finding_id: '77', provider: `'bank'`, rule: `'unknown-there'`, payment_key: `'missing'` },
        ...{ expected: `'completed'`, found: `'no such payment'`, find_time: 'now()' },
      },
    },
  },
  change('portfolio realized_gain', 'true', 'gain_micros = gain_micros + 1', `account_id || '/' || sequence`),
  change('portfolio realized_gain', 'true', 'cost_micros = cost_micros + 1', `account_id || '/' || sequence`),
  remove('portfolio realized_gain', 'true', `account_id || '/' || sequence`),
  // Found at the cut, or by their seals.
  change('ledger balance', `asset = 'USD' AND available > 0 AND ${own}`, 'available = available + 1', balance),
  change('ledger balance', `asset <> 'USD' AND available > 0`, 'available = available + 1000000', balance),
  change('ledger balance', `asset = 'USD' AND held > 0`, 'available = available + 1, held = held - 1', balance),
  remove('ledger balance', `asset <> 'USD' AND available > 0`, balance),
  change('ledger hold', `${leg} = 1 AND amount > 0`, 'amount = amount + 1', 'order_id'),
  change('ledger hold', `${leg} = 2`, 'amount = 1', 'order_id'),
  change('ledger hold', `${leg} = 2`, 'coming_lots = 1', 'order_id'),
  change('ledger hold', `${leg} = 2`, 'list_role = 1', 'order_id'),
  change('ledger hold', `${leg} = 0`, 'list_id = NULL, list_role = NULL', 'order_id'),
  change('order orders', `list_id IS NOT NULL AND state = 'open'`, `list_id = ${newId}`, 'order_id'),
  // Frozen by the prices of its list at that time, so that the sum of its account alone says what it was.
  change('order orders', `list_ticks > 0 AND quantity_lots > 0 AND state = 'open'`, 'list_ticks = 1', 'account_id', {
    namedAs: 'order accounts',
  }),
  change('ledger hold', held, 'amount = amount + 1', 'order_id'),
  change('ledger hold', held, 'maker_bps = maker_bps + 1', 'order_id'),
  change('ledger hold', held, 'taker_bps = taker_bps + 1', 'order_id'),
  change('ledger hold', held, 'price_ticks = price_ticks + 1', 'order_id'),
  change('ledger hold', held, 'lots = lots + 1', 'order_id'),
  change('ledger hold', heldSale, 'maker_bps = 1000', 'order_id'),
  change('ledger hold', heldSale, 'price_ticks = price_ticks - 1', 'order_id'),
  change('ledger hold', heldSale, 'tick_lot_micros = tick_lot_micros + 1', 'order_id'),
  change('ledger hold', heldSale, 'filled_lots = filled_lots + 1', 'order_id'),
  change('ledger hold', `state = 'refused'`, `filled_lots = 1`, 'order_id'),
  remove('ledger hold', `state = 'refused'`, 'order_id', proved),
  change('ledger account', 'NOT house', `state = 'frozen'`, 'account_id'),
  change('ledger account', 'NOT house', `transfer_max_micros = 7`, 'account_id'),
  change('ledger platform.idempotency_key', 'true', `fingerprint = fingerprint || 'x'`, 'key', proved),
  change('ledger platform.idempotency_key', 'answer IS NOT NULL', `answer = '\\x00'`, 'key', proved),
  remove('ledger platform.idempotency_key', 'true', 'key', proved),
  remove('notification platform.inbox', 'true', 'event_id', proved),
  change('notification platform.inbox', 'true', `event_id = ${newId}`, 'event_id', proved),
  change('order orders', `state = 'open'`, 'quantity_lots = quantity_lots + 1', 'order_id'),
  change('order orders', `state = 'open'`, 'maker_bps = maker_bps + 1', 'order_id'),
  change('order orders', `state = 'open'`, `state = 'rejected'`, 'order_id'),
  change('order accounts', 'open_count > 0', 'open_count = open_count + 1', 'account_id'),
  change('order accounts', 'open_notional_micros > 0', 'open_notional_micros = open_notional_micros - 1', 'account_id'),
  change('order conditions', 'NOT house', 'maker_bps = maker_bps + 1', 'account_id'),
  change('order conditions', 'NOT house', `state = 'closed'`, 'account_id'),
  change('order conditions', 'position_max_micros = -1', 'position_max_micros = 0', 'account_id'),
  change('order conditions', 'NOT house', 'open_orders_max = open_orders_max + 1', 'account_id'),
  // What operators did to accounts.
  remove('user account_change', `change LIKE 'conditions,%'`, 'account_id', { namedAs: 'user account' }),
  change('user account_change', 'true', `actor_id = ${newId}`, 'change_id', proved),
  // Of a person without copies: the round that compares copies would store the version for good if it came meanwhile.
  change('user account', `version > 1 AND email LIKE '${unheardOf}%'`, 'version = version + 1', 'account_id'),
  change('portfolio position', 'quantity_micros > 0', 'quantity_micros = quantity_micros + 1000000', 'account_id'),
  change('portfolio position', 'cost_micros > 0', 'cost_micros = cost_micros + 1', 'account_id'),
  change('portfolio position', 'true', 'realized_micros = realized_micros + 1', 'account_id'),
  change(
    'portfolio lot',
    'left_cost_micros > 0',
    'left_cost_micros = left_cost_micros - 1',
    `account_id || '/' || symbol`,
  ),
  change('portfolio lot_total', 'true', 'realized_micros = realized_micros + 1', `account_id || '/' || symbol`),
  remove('portfolio lot_sale', 'true', `account_id || '/' || symbol`),
  change('portfolio cash', 'amount_micros > 0', 'amount_micros = amount_micros + 1', 'account_id'),
  remove('portfolio cash', 'amount_micros > 0', 'account_id'),
  change('notification message', 'true', `subject = subject || '!'`, 'message_id', proved),
  {
    ...change('notification message', 'true', '', newId.replaceAll('0aa', '0bb')),
    change: { copyWith: { message_id: newId.replaceAll('0aa', '0bb'), fact_id: newId } },
  },
  ...corruptionsOfEvents,
  // What the exchange remembers, as it is stored.
  change('exchange snapshot', 'true', `state_hash = 'x'`, `shard || '/' || group_number`, proved),
  change(
    'exchange snapshot_part',
    'true',
    `bytes = set_byte(bytes, 0, 255 - get_byte(bytes, 0))`,
    `shard || '/' || group_number`,
    proved,
  ),
  change(
    'exchange journal',
    'last_sequence > first_sequence',
    `events = set_byte(events, 0, 1)`,
    `shard || '/' || group_number`,
    proved,
  ),
  change('exchange journal', 'true', `state_hash = 'x'`, `shard || '/' || group_number`, proved),
];
