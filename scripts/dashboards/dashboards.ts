/** What the dashboards show. `npm run dashboards:generate` writes their files. */
import { services } from '../../supervisor/index.ts';
import type { Dashboard, Panel } from './panel.ts';

const placeOrder = 'rpc_method="outcry.order.v1.OrderService/PlaceOrder"';
const faults = 'rpc_response_status_code=~"UNKNOWN|DEADLINE_EXCEEDED|UNIMPLEMENTED|INTERNAL|UNAVAILABLE|DATA_LOSS"';

const panel = (title: string, unit: Panel['unit'], queries: Panel['queries']): Panel => ({ title, unit, queries });

/** Percentiles of a histogram whose series match `selector`, by labels. */
function percentiles(metric: string, selector: string, by = ''): Panel['queries'] {
  const labels = by === '' ? 'le' : `le, ${by}`;
  const legend = by === '' ? '' : ` {{${by}}}`;
  return Object.fromEntries(
    [0.5, 0.99].map((share) => [
      `p${share * 100}${legend}`,
      `histogram_quantile(${share}, sum by (${labels}) (rate(${metric}_bucket{${selector}}[1m])))`,
    ]),
  );
}

const orders = panel('Orders by outcome', 'ops', {
  '{{outcome}} {{reason}}': 'sum by (outcome, reason) (rate(outcry_orders_placed_total[1m]))',
});
const orderTime = panel('Time of PlaceOrder', 's', percentiles('rpc_server_call_duration_seconds', placeOrder));
const lag = panel('Followers behind, seconds', 's', {
  '{{service_name}} {{feed}}': 'max by (service_name, feed) (outcry_feed_consumer_lag_seconds)',
});

const overview: Dashboard = {
  uid: 'overview',
  title: 'overview',
  panels: [
    orders,
    panel('Orders that end in a fault', 'percentunit', {
      share: `(sum(rate(rpc_server_call_duration_seconds_count{${placeOrder},${faults}}[5m])) or vector(0)) / sum(rate(rpc_server_call_duration_seconds_count{${placeOrder}}[5m]))`,
    }),
    orderTime,
    panel('Processes that answer', 'short', {
      '{{service_name}}': 'count by (service_name) (process_start_time_seconds)',
    }),
    lag,
    panel('Findings of the audit', 'short', { '{{kind}}': 'max by (kind) (outcry_audit_findings)' }),
    panel('Halted consumers', 'short', { halted: 'sum(outcry_feed_consumer_halted)' }),
    panel('Calls that end in a fault, by service', 'ops', {
      '{{service_name}}': `sum by (service_name) (rate(rpc_server_call_duration_seconds_count{${faults}}[5m])) or 0 * sum by (service_name) (rpc_server_active_requests)`,
    }),
    panel('Processor time', 'percentunit', {
      '{{service_name}}': 'sum by (service_name) (rate(process_cpu_seconds_total[1m]))',
    }),
  ],
};

const orderPath: Dashboard = {
  uid: 'order-path',
  title: 'order path',
  panels: [
    orders,
    orderTime,
    panel('Share that traded at once', 'percentunit', {
      share: 'sum(rate(outcry_orders_filled_at_once_total[5m])) / (sum(rate(outcry_orders_placed_total[5m])) > 0)',
    }),
    panel('Orders that have ended', 'ops', {
      '{{state}}': 'sum by (state) (rate(outcry_orders_ended_total[1m]))',
    }),
    panel('Share of them that was filled', 'percentunit', {
      share:
        '(sum(rate(outcry_orders_ended_total{state="filled"}[5m])) or vector(0)) / (sum(rate(outcry_orders_ended_total[5m])) > 0)',
    }),
    panel('Orders without an outcome', 'short', { orders: 'sum(outcry_orders_pending)' }),
    panel('Age of the oldest of them', 's', { age: 'max(outcry_orders_pending_oldest_age_seconds)' }),
    panel('Finished by the sweeper', 'ops', {
      '{{action}}': 'sum by (action) (rate(outcry_orders_swept_total[5m])) or vector(0)',
    }),
    panel('Share that was compensated', 'percentunit', {
      share:
        '(sum(rate(outcry_orders_swept_total{action="compensated"}[5m])) or vector(0)) / (sum(rate(outcry_orders_placed_total[5m])) > 0)',
    }),
    panel('Items of a group', 'short', {
      '{{batch}}':
        'sum by (batch) (rate(outcry_batch_size_items_sum[1m])) / (sum by (batch) (rate(outcry_batch_size_items_count[1m])) > 0)',
    }),
    panel('Items that wait for a group', 'short', { '{{batch}}': 'max by (batch) (outcry_batch_queue_length_items)' }),
    panel(
      'Calls of the order service',
      's',
      percentiles('rpc_client_call_duration_seconds', 'service_name="order"', 'rpc_method'),
    ),
  ],
};

const exchange: Dashboard = {
  uid: 'exchange',
  title: 'exchange',
  panels: [
    panel('Events a second', 'ops', { 'shard {{shard}}': 'sum by (shard) (rate(outcry_exchange_feed_sequence[1m]))' }),
    panel('Groups a second', 'ops', { 'shard {{shard}}': 'max by (shard) (rate(outcry_exchange_group_number[1m]))' }),
    panel('Orders that rest', 'short', { 'shard {{shard}}': 'max by (shard) (outcry_exchange_resting_orders)' }),
    panel('Commands that wait', 'short', {
      'shard {{shard}}': 'max by (shard) (outcry_exchange_queue_length_commands)',
    }),
    panel('Processes that serve', 'short', { 'shard {{shard}}': 'sum by (shard) (outcry_exchange_serving)' }),
    panel('Followers', 'short', { 'shard {{shard}}': 'max by (shard) (outcry_exchange_followers)' }),
    panel(
      'Time of its calls',
      's',
      percentiles(
        'rpc_server_call_duration_seconds',
        'service_name="exchange",rpc_method!~".+/(Follow|Watch)"',
        'rpc_method',
      ),
    ),
    panel('Journalled time ahead of the clock, ms', 'short', {
      'shard {{shard}}': 'max by (shard) (outcry_exchange_time_ahead_ms)',
    }),
    panel('Books by the sides that have orders', 'short', { '{{sides}}': 'max by (sides) (outcry_market_books)' }),
    panel('Spread of books, share of the price', 'percentunit', {
      'p{{quantile}}': 'max by (quantile) (outcry_market_spread_ratio)',
    }),
    panel('Events since the newest snapshot', 'short', {
      'shard {{shard}}':
        'max by (shard) (outcry_exchange_feed_sequence) - max by (shard) (outcry_exchange_snapshot_sequence)',
    }),
  ],
};

const money: Dashboard = {
  uid: 'ledger-audit',
  title: 'ledger and audit',
  panels: [
    panel('Holds by outcome', 'ops', { '{{outcome}}': 'sum by (outcome) (rate(outcry_ledger_holds_total[1m]))' }),
    panel('Open holds', 'short', { holds: 'max(outcry_ledger_open_holds)' }),
    panel('Age of the oldest open hold', 's', { age: 'max(outcry_ledger_open_holds_oldest_age_seconds)' }),
    lag,
    panel('Followers behind, entries', 'short', {
      '{{service_name}} {{feed}}': 'max by (service_name, feed) (outcry_feed_consumer_lag_entries)',
    }),
    panel('Age of the last pass', 's', {
      '{{kind}}': 'time() - max by (kind) (outcry_audit_completed_timestamp_seconds)',
    }),
    panel('Findings', 'short', { '{{kind}}': 'max by (kind) (outcry_audit_findings)' }),
    panel('Time of passes', 's', {
      '{{kind}}':
        'sum by (kind) (outcry_audit_pass_duration_seconds_sum) / sum by (kind) (outcry_audit_pass_duration_seconds_count)',
    }),
    panel('Transfers without an outcome', 'short', { transfers: 'max(outcry_transfers_stuck)' }),
    panel(
      'Statements of the ledger',
      's',
      percentiles('db_client_operation_duration_seconds', 'service_name="ledger"', 'db_client_connection_pool_name'),
    ),
  ],
};

const bus: Dashboard = {
  uid: 'bus',
  title: 'bus',
  panels: [
    panel('Events published', 'ops', {
      '{{type}}': 'sum by (type) (rate(messaging_client_sent_messages_total[1m]))',
    }),
    panel('Events handled', 'ops', {
      '{{messaging_destination_name}} {{outcome}}':
        'sum by (messaging_destination_name, outcome) (rate(messaging_client_consumed_messages_total[1m]))',
    }),
    panel('Events that wait in outboxes', 'short', {
      '{{service_name}}': 'max by (service_name) (outcry_outbox_backlog_events)',
    }),
    panel('Age of the oldest', 's', { '{{service_name}}': 'max by (service_name) (outcry_outbox_oldest_age_seconds)' }),
    panel('Events set aside', 'short', {
      '{{messaging_destination_name}}':
        'sum by (messaging_destination_name) (increase(messaging_client_consumed_messages_total{outcome="dead"}[1h])) or vector(0)',
    }),
    panel('Mails that wait', 'short', { mails: 'max(outcry_mail_waiting)' }),
    panel('Attempts to send a mail', 'ops', {
      '{{outcome}}': 'sum by (outcome) (rate(outcry_mail_attempts_total[5m]))',
    }),
  ],
};

const streams: Dashboard = {
  uid: 'streams',
  title: 'streams',
  panels: [
    panel('Open streams', 'short', {
      '{{service_name}} {{rpc_method}}':
        'sum by (service_name, rpc_method) (rpc_server_active_requests{rpc_method=~".+/(Stream.*|Follow|Watch.*)"})',
    }),
    panel('Streams that followers began again', 'ops', {
      '{{service_name}} {{feed}}': 'sum by (service_name, feed) (rate(outcry_feed_restarts_total[5m])) or vector(0)',
    }),
    panel('Valuations', 'short', { streams: 'sum(outcry_portfolio_valuation_streams)' }),
    panel('Events that the market is behind the exchange', 'short', {
      'shard {{shard}}':
        'clamp_min(max by (shard) (outcry_exchange_feed_sequence) - max by (shard) (outcry_market_feed_sequence), 0)',
    }),
    panel('Messages that slow readers were not sent', 'ops', {
      market: 'sum(rate(outcry_market_stream_messages_conflated_total[1m]))',
      gateway: 'sum(rate(outcry_gateway_stream_messages_conflated_total[1m])) or vector(0)',
    }),
    lag,
  ],
};

const mesh: Dashboard = {
  uid: 'mesh',
  title: 'calls between services',
  panels: [
    panel('Calls', 'ops', {
      '{{service_name}} {{callee}}':
        'sum by (service_name, callee) (label_replace(rate(rpc_client_call_duration_seconds_count[1m]), "callee", "$1", "rpc_method", "(.+)/.+"))',
    }),
    panel('Calls by status', 'ops', {
      '{{service_name}} {{rpc_response_status_code}}':
        'sum by (service_name, rpc_response_status_code) (rate(rpc_client_call_duration_seconds_count[1m]))',
    }),
    panel('Calls sent again', 'ops', {
      '{{service_name}}': 'sum by (service_name) (rate(rpc_client_retries_total[5m])) or vector(0)',
    }),
    panel('Processes that may take roles', 'short', {
      '{{service_name}}': 'sum by (service_name) (outcry_process_promoted)',
    }),
  ],
};

/** What every process is asked. */
function serviceDashboard(name: string): Dashboard {
  const own = `service_name="${name}"`;
  const calls = name === 'gateway' || name === 'simulator' ? 'client' : 'server';
  return {
    uid: `service-${name}`,
    title: name,
    panels: [
      panel('Calls', 'ops', {
        '{{rpc_method}}': `sum by (rpc_method) (rate(rpc_${calls}_call_duration_seconds_count{${own}}[1m]))`,
      }),
      panel('Time of calls', 's', percentiles(`rpc_${calls}_call_duration_seconds`, own)),
      panel('In progress', 'short', { calls: `sum(rpc_${calls}_active_requests{${own}})` }),
      panel('Processor time', 'percentunit', { cores: `sum(rate(process_cpu_seconds_total{${own}}[1m]))` }),
      panel('Memory', 'bytes', { '{{instance}}': `process_resident_memory_bytes{${own}}` }),
      panel('Event loop, p99', 's', { '{{instance}}': `nodejs_eventloop_lag_p99_seconds{${own}}` }),
    ],
  };
}

/** All dashboards. */
export const dashboards: readonly Dashboard[] = [
  ...[overview, orderPath, exchange, money, bus, streams, mesh],
  ...services.map(({ name }) => serviceDashboard(name)),
];
