import type { DescMethod, Message } from '@bufbuild/protobuf';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { cancelled, resourceExhausted } from '#platform/errors/outcry-error.ts';
import { pause } from '#platform/time/pause.ts';
import type { CallTime } from './call.ts';
import { ShardElsewhereError } from './errors.ts';
import type { ShardReplica } from './shard-replica.ts';

/** Items of all pending calls together; past this bound further calls are refused RESOURCE_EXHAUSTED. */
export const pendingItemsMax = 20_000;
const pollIntervalMs = 25;
const retryDelayMs = 100;

/** Calls that wait because no process serves their shard, bounded by the sum of their items. */
export class PendingCalls {
  readonly #itemsMax: number;
  #items = 0;

  constructor(itemsMax = pendingItemsMax) {
    this.#itemsMax = itemsMax;
  }

  /** Items of the calls that wait now. */
  get items(): number {
    return this.#items;
  }

  /**
   * Resolves when the replica's state has changed, or after a short time: then the caller tries again. Rejects with RESOURCE_EXHAUSTED
   * when the bound is reached, with ShardElsewhereError when the deadline leaves no time for another attempt, and with CANCELLED when
   * the caller's signal aborts.
   */
  async wait({ shard, changed }: ShardReplica, items: number, { signal, deadlineTimeMs }: CallTime): Promise<void> {
    if (Date.now() + pollIntervalMs >= (deadlineTimeMs ?? Number.POSITIVE_INFINITY)) {
      throw new ShardElsewhereError(shard);
    }
    if (this.#items + items > this.#itemsMax) {
      const message = 'too many calls wait for a process that serves the shard';
      throw resourceExhausted(ErrorReason.OVERLOADED, message, { retryDelayMs });
    }
    this.#items += items;
    const over = new AbortController();
    const leave = () => over.abort();
    signal?.addEventListener('abort', leave, { once: true });
    try {
      await Promise.race([pause(pollIntervalMs, over.signal), changed.wait(over.signal)]);
    } finally {
      over.abort();
      signal?.removeEventListener('abort', leave);
      this.#items -= items;
    }
    if (signal?.aborted) throw cancelled();
  }
}

/** Number of items of a call: the length of its longest repeated field, at least 1. */
export function itemsOf(method: DescMethod, request: Message): number {
  const lists = method.input.fields.filter(({ fieldKind }) => fieldKind === 'list');
  const lengths = lists.map(({ localName }) => (Reflect.get(request, localName) as unknown[]).length);
  return Math.max(1, ...lengths);
}
