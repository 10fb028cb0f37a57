/** What a version is judged by: how many there were of a kind of thing, and how many of them went badly. */
import { Code } from '#platform/errors/code.ts';
import type { Sample } from './prometheus-text.ts';

/** A fault may never be; a refusal or a slow call may, and is only compared. A process that has just started is slow at first. */
export type Kind = 'fault' | 'refusal' | 'slow';

/** `calls`, of which `bad` ended in one way. */
export type Tally = {
  calls: number;
  bad: number;
  kind: Kind;
};

/** Whether calls are counted where they were served or where they were made. */
export type Side = 'server' | 'client';

/** Tallies by what is counted, in words. */
export type Tallies = ReadonlyMap<string, Tally>;

const statuses = Object.keys(Code).filter((name) => name !== 'OK' && name !== 'CANCELLED');
/** CANCELLED is the caller's own doing. */
const faults = new Set([
  'UNKNOWN',
  'DEADLINE_EXCEEDED',
  'RESOURCE_EXHAUSTED',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
]);
const slowSeconds = '0.5';

/** The number of calls of a version's processes, by RPC. Health checks and reflection are no work of a service. */
export function callsOf(samples: readonly Sample[], side: Side): ReadonlyMap<string, number> {
  const calls = new Map<string, number>();
  for (const { name, labels, value } of samples) {
    if (name === `rpc_${side}_call_duration_seconds_count` && isOwn(labels)) add(calls, rpcOf(labels), value);
  }
  return calls;
}

/** How each RPC ended at a version's processes, by status, and how many calls were slow. */
export function rpcTallies(samples: readonly Sample[], side: Side): Tallies {
  const calls = callsOf(samples, side);
  const bad = new Map<string, { rpc: string; count: number; kind: Kind }>();
  const note = (what: string, rpc: string, count: number, kind: Kind) =>
    bad.set(what, { rpc, kind, count: (bad.get(what)?.count ?? 0) + count });
  // Every status has its tally: one that never occurred is what the other version is compared with.
  for (const rpc of calls.keys()) {
    for (const status of statuses) note(endedAs(rpc, status), rpc, 0, kindOf(status));
    note(`${rpc} took over ${slowSeconds} s`, rpc, calls.get(rpc) ?? 0, 'slow');
  }
  for (const { name, labels, value } of samples) {
    if (!isOwn(labels)) continue;
    const rpc = rpcOf(labels);
    const status = labels.rpc_response_status_code ?? '';
    const isQuick = name === `rpc_${side}_call_duration_seconds_bucket` && labels.le === slowSeconds;
    if (isQuick) note(`${rpc} took over ${slowSeconds} s`, rpc, -value, 'slow');
    if (name === `rpc_${side}_call_duration_seconds_count` && statuses.includes(status)) {
      note(endedAs(rpc, status), rpc, value, kindOf(status));
    }
  }
  return new Map(
    [...bad].map(([what, { rpc, count, kind }]) => [what, { calls: calls.get(rpc) ?? 0, bad: count, kind }]),
  );
}

/** Outcomes of orders at processes of the order service: those that were refused, found no match at once, or were compensated. */
export function orderTallies(samples: readonly Sample[]): Tallies {
  const sum = (name: string, key = '', wanted = '') =>
    samples
      .filter((sample) => sample.name === name && (key === '' || sample.labels[key] === wanted))
      .reduce((total, { value }) => total + value, 0);
  const placed = sum('outcry_orders_placed_total', 'outcome', 'placed');
  const refused = sum('outcry_orders_placed_total', 'outcome', 'refused');
  const filled = sum('outcry_orders_filled_at_once_total');
  const compensated = sum('outcry_orders_swept_total', 'action', 'compensated');
  return new Map([
    ['orders refused', { calls: placed + refused, bad: refused, kind: 'refusal' }],
    ['orders not filled at once', { calls: placed, bad: placed - filled, kind: 'refusal' }],
    ['orders compensated', { calls: placed + refused, bad: compensated, kind: 'fault' }],
  ]);
}

/** The tallies since an earlier reading. */
export function talliesSince(now: Tallies, before: Tallies): Tallies {
  return new Map(
    [...now].map(([what, { calls, bad, kind }]) => {
      const earlier = before.get(what);
      return [what, { calls: calls - (earlier?.calls ?? 0), bad: bad - (earlier?.bad ?? 0), kind }];
    }),
  );
}

function endedAs(rpc: string, status: string): string {
  return `${rpc} ended ${status}`;
}

function kindOf(status: string): Kind {
  return faults.has(status) ? 'fault' : 'refusal';
}

function isOwn({ rpc_method: method }: Sample['labels']): boolean {
  return method?.startsWith('outcry.') === true;
}

/** Without its package: `OrderService/PlaceOrder`. */
function rpcOf({ rpc_method: method = '' }: Sample['labels']): string {
  return method.split('.').at(-1) ?? '';
}

function add(counts: Map<string, number>, key: string, value: number): void {
  counts.set(key, (counts.get(key) ?? 0) + value);
}
