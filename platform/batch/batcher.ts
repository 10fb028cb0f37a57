import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { cancelled, resourceExhausted, unavailable } from '#platform/errors/outcry-error.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';

/** The work of a batcher and its bounds. */
export type BatcherOptions<I, R> = {
  /** Names the metrics. */
  name: string;
  /** Does a group's work and resolves to one result for each item, in order; a rejection fails the whole group. */
  flush: (items: I[]) => Promise<R[]>;
  /** Most items of a group. */
  itemsMax: number;
  /** Most items that wait; past it `submit` is refused. */
  queueLengthMax: number;
  /** Groups in flight at a time, default 1. */
  concurrency?: number;
  metrics?: Metrics;
};

/** Turns single items into groups. */
export type Batcher<I, R> = AsyncDisposable & {
  /**
   * Resolves to the item's result. Rejects with RESOURCE_EXHAUSTED when the queue is full, UNAVAILABLE after disposal,
   * CANCELLED when `signal` is aborted before the item's group has begun, and as the group when that fails.
   */
  submit(item: I, signal?: Withdrawal): Promise<R>;
};

/** Whether an item is still wanted when its group begins: an AbortSignal, or what knows it without one. */
export type Withdrawal = { readonly aborted: boolean };

type Waiting<I, R> = { item: I; resolve: (result: R) => void; reject: (error: unknown) => void; signal?: Withdrawal };

const retryDelayMs = 50;

/**
 * Batches without timers: a lone item is flushed at once, and the items that arrive during a flush form the next group.
 * Disposing refuses new items and resolves when all accepted ones are done.
 */
export function createBatcher<I, R>(options: BatcherOptions<I, R>): Batcher<I, R> {
  const { itemsMax, queueLengthMax, concurrency = 1 } = options;
  const metrics = createBatcherMetrics(options.metrics, options.name);
  let queue: Waiting<I, R>[] = [];
  let running = 0;
  let scheduled = false;
  let closing = false;
  const idle = Promise.withResolvers<void>();

  // One turn of the event loop lets every item that arrived in the same read of a socket join the group.
  const schedule = () => {
    if (scheduled || running >= concurrency) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      startGroups();
    });
  };
  const startGroups = () => {
    while (queue.length > 0 && running < concurrency) {
      const group = dropCancelled(queue.slice(0, itemsMax));
      queue = queue.slice(itemsMax);
      if (group.length > 0) void runGroup(group);
    }
    metrics.queueLength(queue.length);
    if (closing && running === 0 && queue.length === 0) idle.resolve();
  };
  const runGroup = async (group: Waiting<I, R>[]) => {
    running += 1;
    metrics.groupSize(group.length);
    await flushGroup(options, group);
    running -= 1;
    startGroups();
  };

  return {
    submit(item, signal) {
      if (closing) return Promise.reject(unavailable(ErrorReason.SHUTTING_DOWN, 'the server is shutting down'));
      if (queue.length >= queueLengthMax) {
        const message = 'too many requests are waiting';
        return Promise.reject(resourceExhausted(ErrorReason.OVERLOADED, message, { retryDelayMs }));
      }
      const { promise, resolve, reject } = Promise.withResolvers<R>();
      queue.push({ item, resolve, reject, signal });
      schedule();
      return promise;
    },
    async [Symbol.asyncDispose]() {
      closing = true;
      startGroups();
      await idle.promise;
    },
  };
}

function dropCancelled<I, R>(group: Waiting<I, R>[]): Waiting<I, R>[] {
  return group.filter(({ signal, reject }) => {
    if (signal?.aborted) reject(cancelled());
    return !signal?.aborted;
  });
}

async function flushGroup<I, R>({ name, flush }: BatcherOptions<I, R>, group: Waiting<I, R>[]): Promise<void> {
  try {
    const results = await flush(group.map(({ item }) => item));
    if (results.length !== group.length) throw new Error(`batcher ${name}: not one result for each item`);
    group.forEach(({ resolve }, index) => {
      resolve(results[index] as R);
    });
  } catch (error) {
    for (const { reject } of group) reject(error);
  }
}

function createBatcherMetrics(metrics: Metrics | undefined, name: string) {
  const size = metrics
    ?.histogram({
      name: 'outcry_batch_size_items',
      help: 'Items of a group.',
      labels: ['batch'],
      buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000],
    })
    .labels(name);
  const length = metrics
    ?.gauge({ name: 'outcry_batch_queue_length_items', help: 'Items that wait for a group.', labels: ['batch'] })
    .labels(name);
  return {
    groupSize: (items: number) => size?.observe(items),
    queueLength: (items: number) => length?.set(items),
  };
}
