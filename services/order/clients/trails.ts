/** From which prices trailing stops trail, as the exchange has it in its books: no event says when one moves. */
import { createBatcher, type Withdrawal } from '#platform/batch/batcher.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import { isWaiting, type Order } from '../domain/order.ts';
import type { Clients } from './clients.ts';

/** Prices in ticks, by order id. */
export type TrailReferences = ReadonlyMap<string, bigint>;

/** Reads them. */
export type Trails = AsyncDisposable & {
  /** Those of the orders that trail. Never rejects: what the exchange has not answered in time is not known. */
  read(orders: readonly Order[]): Promise<TrailReferences>;
};

const itemsMax = 500;
const queueLengthMax = 2_000;
const timeoutMs = 300;
const unknown: TrailReferences = new Map();

type Asked = { orderId: string; shard: number };

/** Asks each shard at most once at a time, for the orders of all who read. */
export function createTrails(options: {
  exchange: Pick<Clients['exchange'], 'readTrails'>;
  metrics?: Metrics;
}): Trails {
  const { exchange, metrics } = options;
  const batcher = createBatcher<Asked, bigint | undefined>({
    name: 'order_trails',
    isReadOnly: true,
    itemsMax,
    queueLengthMax,
    metrics,
    async flush(asked) {
      const shards = [...new Set(asked.map(({ shard }) => shard))];
      const found = await Promise.all(shards.map((shard) => readShard(exchange, shard, asked)));
      const references = new Map(found.flatMap((trails) => [...trails]));
      return asked.map(({ orderId }) => references.get(orderId));
    },
  });
  return {
    async read(orders) {
      const trailing = orders.filter(isTrailing);
      if (trailing.length === 0) return unknown;
      const untilMs = performance.now() + timeoutMs;
      const time: Withdrawal = {
        get aborted() {
          return performance.now() >= untilMs;
        },
      };
      const known = await Promise.all(
        trailing.map(async ({ orderId, shard }) => {
          const ticks = await batcher.submit({ orderId, shard }, time).catch(() => undefined);
          return ticks === undefined ? [] : [[orderId, ticks] as const];
        }),
      );
      return new Map(known.flat());
    },
    [Symbol.asyncDispose]: () => batcher[Symbol.asyncDispose](),
  };
}

function isTrailing(order: Order): boolean {
  return order.type === 'trailing-stop' && isWaiting(order);
}

/** A shard that does not answer leaves the orders of others alone. */
async function readShard(
  exchange: Pick<Clients['exchange'], 'readTrails'>,
  shard: number,
  asked: readonly Asked[],
): Promise<TrailReferences> {
  const orderIds = asked.filter((order) => order.shard === shard).map(({ orderId }) => orderId);
  const answer = await exchange.readTrails({ shard, orderIds }, { timeoutMs }).catch(() => undefined);
  return new Map(answer?.trails.map(({ orderId, referencePriceTicks }) => [orderId, referencePriceTicks]));
}
