import { setTimeout as delay } from 'node:timers/promises';
import type { DescMethod, Message } from '@bufbuild/protobuf';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { cancelled, resourceExhausted } from '#platform/errors/outcry-error.ts';
import type { CallTime } from './call.ts';
import { ShardElsewhereError } from './shard-elsewhere-error.ts';
import type { ShardHolder } from './shard-replica.ts';

/** Items of calls that may wait in all; past it calls are refused RESOURCE_EXHAUSTED. */
export const waitingItemsMax = 20_000;
const lookAgainMs = 25;
const retryDelayMs = 100;

/** Where calls wait while a shard is served by nobody. */
export class WaitingRoom {
  readonly #itemsMax: number;
  #items = 0;

  constructor(itemsMax = waitingItemsMax) {
    this.#itemsMax = itemsMax;
  }

  /** Items that wait. */
  get items(): number {
    return this.#items;
  }

  /**
   * Waits until it is worth looking again: the shard's state has changed here, or some time has passed. Rejects when there is no
   * room, when the deadline is so near that another look makes no sense, and when the caller has gone.
   */
  async wait({ shard, changed }: ShardHolder, items: number, { signal, deadlineTimeMs }: CallTime): Promise<void> {
    if (Date.now() + lookAgainMs >= (deadlineTimeMs ?? Number.POSITIVE_INFINITY)) throw new ShardElsewhereError(shard);
    if (this.#items + items > this.#itemsMax) {
      const message = 'too many calls wait for a process that serves the shard';
      throw resourceExhausted(ErrorReason.OVERLOADED, message, { retryDelayMs });
    }
    this.#items += items;
    const over = new AbortController();
    const leave = () => over.abort();
    signal?.addEventListener('abort', leave, { once: true });
    try {
      const looked = delay(lookAgainMs, undefined, { signal: over.signal }).catch(() => {});
      await Promise.race([looked, changed.wait(over.signal)]);
    } finally {
      over.abort();
      signal?.removeEventListener('abort', leave);
      this.#items -= items;
    }
    if (signal?.aborted) throw cancelled();
  }
}

/** How many items a call has: the length of its longest list, 1 at least. */
export function itemsOf(method: DescMethod, request: Message): number {
  const lists = method.input.fields.filter(({ fieldKind }) => fieldKind === 'list');
  const lengths = lists.map(({ localName }) => (Reflect.get(request, localName) as unknown[]).length);
  return Math.max(1, ...lengths);
}
