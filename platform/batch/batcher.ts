import { AsyncLocalStorage } from 'node:async_hooks';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { refusedAsCopy } from '#platform/errors/mirrored.ts';
import { abortError, resourceExhausted, unavailable } from '#platform/errors/outcry-error.ts';
import { inGroup } from '#platform/telemetry/group-span.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import { isTracing } from '#platform/telemetry/spans.ts';
import { currentTrace, isMirrored, type Trace } from '#platform/telemetry/trace-context.ts';

/** The work of a batcher and its bounds. */
export type BatcherOptions<I, R> = {
  /** Names the metrics. */
  name: string;
  /** Does a group's work and resolves to one result for each item, in order; a rejection fails the whole group, but see `isItemFault`. */
  flush: (items: I[]) => Promise<R[]>;
  /**
   * Whether a group that failed may have failed for one of its items: then its halves are flushed, and theirs, so that this item fails alone.
   * Such a failure must have had no effect, or one that a further flush of the same items does not repeat. Default: never.
   */
  isItemFault?: (error: unknown) => boolean;
  /** Most items of a group. */
  itemsMax: number;
  /** Most items that wait; past it `submit` is refused. */
  queueLengthMax: number;
  /** Whether its groups only read, so that items of copies of calls may be among them; default: those are refused. */
  isReadOnly?: boolean;
  /** Groups in flight at a time, default 1. */
  concurrency?: number;
  metrics?: Metrics;
};

/** Turns single items into groups. */
export type Batcher<I, R> = AsyncDisposable & {
  /**
   * Resolves to the item's result. Rejects with RESOURCE_EXHAUSTED when the queue is full, UNAVAILABLE after disposal,
   * FAILED_PRECONDITION for a copy of a call, CANCELLED or DEADLINE_EXCEEDED when `signal` is aborted before the item's group has begun, and as the group when that fails.
   */
  submit(item: I, signal?: Withdrawal): Promise<R>;
};

/** Whether an item is still wanted when its group begins, and the error for which it is not: an AbortSignal, or what knows it without one. */
export type Withdrawal = { readonly aborted: boolean; readonly reason?: unknown };

type Waiting<I, R> = {
  item: I;
  resolve: (result: R) => void;
  reject: (error: unknown) => void;
  signal: Withdrawal | undefined;
  trace: Trace | undefined;
};

const retryDelayMs = 50;
/** Flushes of parts of one group. Four bad items of 500 are found with fewer; of many bad ones the rest fails together. */
const partsMax = 64;

/**
 * Batches without timers: a lone item is flushed at once, and the items that arrive during a flush form the next group.
 * Disposing refuses new items and resolves when all accepted ones are done.
 */
export function createBatcher<I, R>(options: BatcherOptions<I, R>): Batcher<I, R> {
  const { itemsMax, queueLengthMax, concurrency = 1, isReadOnly = false } = options;
  const metrics = createBatcherMetrics(options.metrics, options.name);
  let queue: Waiting<I, R>[] = [];
  let running = 0;
  let scheduled = false;
  let closing = false;
  const idle = Promise.withResolvers<void>();
  const outsideOfCalls = AsyncLocalStorage.snapshot();

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
      const isCopy = isMirrored();
      if (isCopy && !isReadOnly) return Promise.reject(refusedAsCopy());
      const { promise, resolve, reject } = Promise.withResolvers<R>();
      const trace = isTracing() && !isCopy ? currentTrace() : undefined;
      queue.push({ item, resolve, reject, signal, trace });
      // A group has the context of the item that begins it: the mark of a copy must not be on the work for the others.
      if (isCopy) outsideOfCalls(schedule);
      else schedule();
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
    // Asked once: a time may be over at the second question that was not at the first.
    if (signal?.aborted !== true) return true;
    reject(abortError(signal));
    return false;
  });
}

async function flushGroup<I, R>(options: BatcherOptions<I, R>, group: Waiting<I, R>[]): Promise<void> {
  const parts = { left: partsMax };
  const span = { name: options.name, attributes: { 'outcry.group_items': group.length } };
  await inGroup(
    span,
    group.map(({ trace }) => trace),
    () => flushPart(options, group, parts),
  );
}

async function flushPart<I, R>(
  options: BatcherOptions<I, R>,
  part: Waiting<I, R>[],
  parts: { left: number },
): Promise<void> {
  const { name, flush, isItemFault } = options;
  try {
    const results = await flush(part.map(({ item }) => item));
    if (results.length !== part.length) throw new Error(`batcher ${name}: not one result for each item`);
    part.forEach(({ resolve }, index) => {
      resolve(results[index] as R);
    });
  } catch (error) {
    if (part.length === 1 || parts.left < 2 || !isItemFault?.(error)) {
      for (const { reject } of part) reject(error);
      return;
    }
    parts.left -= 2;
    const middle = Math.ceil(part.length / 2);
    for (const half of [part.slice(0, middle), part.slice(middle)]) {
      const wanted = dropCancelled(half);
      if (wanted.length > 0) await flushPart(options, wanted, parts);
    }
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
