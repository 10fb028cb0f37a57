import { hash } from 'node:crypto';
import type { EngineEvent } from '../domain/events.ts';

/**
 * Order ids of a file, which are any text, as the UUIDs that the engine knows, and back. Only the names of live orders are kept:
 * an event tells of those and of the order of its own command.
 */
export class OrderNames {
  readonly #live = new Map<string, { name: string; revision: number }>();
  #current = { id: '', name: '' };

  /** The UUID of a name: its hash, in the form of a UUID. It becomes the current one. */
  idOf(name: string): string {
    const hex = hash('sha256', name, 'hex');
    const id = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
    this.#current = { id, name };
    return id;
  }

  /** The name of a live order or of the current one. */
  nameOf(id: string): string {
    return id === this.#current.id ? this.#current.name : (this.#live.get(id)?.name ?? id);
  }

  /** The revision of a live order as far as events told; 1 for any other. */
  revisionOf(id: string): number {
    return this.#live.get(id)?.revision ?? 1;
  }

  /** Learns from an event that was written. */
  observe(event: EngineEvent): void {
    if (event.kind === 'accepted') this.#live.set(event.order.orderId, { name: this.#current.name, revision: 1 });
    else if (event.kind === 'cancelled') this.#live.delete(event.orderId);
    else if (event.kind === 'replaced') {
      const known = this.#live.get(event.orderId);
      if (known) known.revision = event.revision;
    } else if (event.kind === 'traded') {
      for (const { orderId, remainingLots } of [event.maker, event.taker]) {
        if (remainingLots === 0) this.#live.delete(orderId);
      }
    }
  }
}
