import { describe, expect, it } from 'vitest';
import { parseSamples } from './prometheus-text.ts';
import { callsOf, orderTallies, rpcTallies, type Tally, talliesSince } from './tallies.ts';

const rpc = (method: string, rest: string) => `{rpc_method="outcry.order.v1.OrderService/${method}"${rest}}`;
const samples = parseSamples(`
rpc_server_call_duration_seconds_count${rpc('PlaceOrder', ',rpc_response_status_code="OK"')} 90
rpc_server_call_duration_seconds_count${rpc('PlaceOrder', ',rpc_response_status_code="FAILED_PRECONDITION"')} 6
rpc_server_call_duration_seconds_count${rpc('PlaceOrder', ',rpc_response_status_code="INTERNAL"')} 4
rpc_server_call_duration_seconds_bucket${rpc('PlaceOrder', ',rpc_response_status_code="OK",le="0.5"')} 85
rpc_server_call_duration_seconds_bucket${rpc('PlaceOrder', ',rpc_response_status_code="FAILED_PRECONDITION",le="0.5"')} 6
rpc_server_call_duration_seconds_bucket${rpc('PlaceOrder', ',rpc_response_status_code="INTERNAL",le="0.5"')} 4
rpc_server_call_duration_seconds_count{rpc_method="grpc.health.v1.Health/Check",rpc_response_status_code="UNIMPLEMENTED"} 9
rpc_client_call_duration_seconds_count${rpc('PlaceOrder', ',rpc_response_status_code="UNAVAILABLE"')} 7
outcry_orders_placed_total{outcome="placed",reason=""} 80
outcry_orders_placed_total{outcome="refused",reason="A"} 3
outcry_orders_placed_total{outcome="refused",reason="B"} 2
outcry_orders_filled_at_once_total 60
outcry_orders_swept_total{action="compensated"} 1
outcry_orders_swept_total{action="resumed"} 8
`);

describe('rpcTallies', () => {
  it('counts how each RPC ended and how many calls were slow, of one side and of no health check', () => {
    const tallies = [...rpcTallies(samples, 'server')];
    expect(Object.fromEntries(tallies.filter(([, { bad }]) => bad > 0))).toEqual({
      'OrderService/PlaceOrder took over 0.5 s': { calls: 100, bad: 5, kind: 'slow' },
      'OrderService/PlaceOrder ended FAILED_PRECONDITION': { calls: 100, bad: 6, kind: 'refusal' },
      'OrderService/PlaceOrder ended INTERNAL': { calls: 100, bad: 4, kind: 'fault' },
    });
    expect(Object.fromEntries(tallies)['OrderService/PlaceOrder ended UNAVAILABLE']).toEqual({
      calls: 100,
      bad: 0,
      kind: 'fault',
    });
    expect(callsOf(samples, 'client')).toEqual(new Map([['OrderService/PlaceOrder', 7]]));
  });
});

describe('orderTallies', () => {
  it('has the business signals: refused, filled, compensated', () => {
    expect(Object.fromEntries(orderTallies(samples))).toEqual({
      'orders refused': { calls: 85, bad: 5, kind: 'refusal' },
      'orders not filled at once': { calls: 80, bad: 20, kind: 'refusal' },
      'orders compensated': { calls: 85, bad: 1, kind: 'fault' },
    });
  });
});

describe('talliesSince', () => {
  it('takes off what was counted before', () => {
    const before = new Map<string, Tally>([['a', { calls: 10, bad: 1, kind: 'fault' }]]);
    const now = new Map<string, Tally>([
      ['a', { calls: 25, bad: 4, kind: 'fault' }],
      ['b', { calls: 2, bad: 0, kind: 'refusal' }],
    ]);
    expect([...talliesSince(now, before)]).toEqual([
      ['a', { calls: 15, bad: 3, kind: 'fault' }],
      ['b', { calls: 2, bad: 0, kind: 'refusal' }],
    ]);
  });
});
