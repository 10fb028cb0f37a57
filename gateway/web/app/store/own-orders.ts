/** The orders and fills of the person who is logged in, live. */
import { computed, effect, signal } from '@preact/signals';
import type { Fill, Order, StreamOrdersResponse } from '#gen/outcry/order/v1/order_pb.ts';
import { orders } from '../rpc/clients.ts';
import { follow } from '../rpc/follow.ts';
import { isLoggedIn } from '../rpc/session.ts';
import { onNextFrame } from './frame.ts';
import { isFinal, withFills, withOrders } from './own-order-lists.ts';

const historySize = 200;

/** All orders that are known, by id, newest change last. */
export const ownOrders = signal<ReadonlyMap<string, Order>>(new Map());
/** Their fills, newest first. */
export const ownFills = signal<readonly Fill[]>([]);
/** Whether orders and fills were read. */
export const areOrdersLoaded = signal(false);

/** Whether changes of orders do not come at the moment, so that the lists may be old. */
export const areOrdersOld = signal(false);

/** Orders that are not final, newest first. */
export const openOrders = computed(() => [...ownOrders.value.values()].filter((order) => !isFinal(order)).reverse());
/** Orders that are final, newest change first. */
export const endedOrders = computed(() => [...ownOrders.value.values()].filter(isFinal).reverse());

type Listener = (change: { order?: Order; fill?: Fill }) => void;
const listeners = new Set<Listener>();

/** Runs `listener` for each change and each fill as it comes. Returns what ends that. */
export function onOwnChange(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const pendingOrders = new Map<string, Order>();
const pendingFills: Fill[] = [];

/** Takes the state of an order from an answer. */
export function takeOrder(order: Order): void {
  pendingOrders.set(order.orderId, order);
  onNextFrame(flush);
}

/** Follows orders and fills while somebody is logged in. */
export function followOwnOrders(): void {
  let current = new AbortController();
  effect(() => {
    current.abort();
    current = new AbortController();
    ownOrders.value = new Map();
    ownFills.value = [];
    areOrdersLoaded.value = false;
    areOrdersOld.value = false;
    // What has come for the person before is not for the next one.
    pendingOrders.clear();
    pendingFills.length = 0;
    if (isLoggedIn.value) void followAll(current.signal);
  });
}

function followAll(signal: AbortSignal): Promise<void> {
  let resumeToken = '';
  return follow<StreamOrdersResponse>(
    {
      stream: async function* (until) {
        if (resumeToken === '') await loadHistory(until);
        yield* orders.streamOrders({ resumeToken }, { signal: until });
      },
      poll: async (until) => {
        await loadHistory(until);
        areOrdersOld.value = false;
        return [];
      },
      onMessage({ message, resumeToken: next }) {
        areOrdersOld.value = false;
        resumeToken = next;
        if (message.case === 'snapshot') message.value.orders.forEach(takeOrder);
        else if (message.case === 'order') takeOrder(message.value);
        else if (message.case === 'fill') pendingFills.push(message.value);
        if (message.case === 'order') for (const listener of listeners) listener({ order: message.value });
        if (message.case === 'fill') for (const listener of listeners) listener({ fill: message.value });
        onNextFrame(flush);
      },
      onBroken: () => {
        // Where the token has lost its place, all is read again.
        resumeToken = '';
        areOrdersOld.value = !signal.aborted;
      },
    },
    signal,
  );
}

async function loadHistory(signal: AbortSignal): Promise<void> {
  const [changed, open, fills] = await Promise.all([
    orders.listOrders({ pageSize: historySize }, { signal }),
    orders.listOrders({ pageSize: historySize, openOnly: true }, { signal }),
    orders.listFills({ pageSize: historySize }, { signal }),
  ]);
  if (signal.aborted) return;
  for (const order of [...changed.orders, ...open.orders].reverse()) pendingOrders.set(order.orderId, order);
  pendingFills.push(...fills.fills.toReversed());
  areOrdersLoaded.value = true;
  onNextFrame(flush);
}

function flush(): void {
  if (!isLoggedIn.peek()) {
    pendingOrders.clear();
    pendingFills.length = 0;
    return;
  }
  ownOrders.value = withOrders(ownOrders.peek(), [...pendingOrders.values()]);
  ownFills.value = withFills(ownFills.peek(), pendingFills.splice(0));
  pendingOrders.clear();
}
