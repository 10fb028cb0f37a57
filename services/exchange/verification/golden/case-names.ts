import type { SubmitCommand } from '../../engine/model/commands.ts';
import type { AcceptedOrder, EngineEvent } from '../../engine/model/events.ts';

/** Journalled time of a case's start, Unix milliseconds. */
export const caseStartMs = 1_700_000_000_000;

/** The book of lines that name none. */
export const defaultSymbol = 'ACME';

/** The short names of a case's orders and lists, and the state of each order. */
export class CaseNames {
  /** Journalled time, Unix milliseconds. */
  nowMs = caseStartMs;
  readonly #ids = new Map<string, { id: string; timeMs: number }>();
  readonly #names = new Map<string, string>();
  readonly #submitted = new Map<string, SubmitCommand>();
  readonly #known = new Set<string>();
  readonly #revisions = new Map<string, number>();

  /** The UUIDv7 of a name and the time inside it; created with the time `bornMs` if the name is new. */
  idOf(name: string, bornMs = this.nowMs): { id: string; timeMs: number } {
    const known = this.#ids.get(name);
    if (known) return known;
    const time = bornMs.toString(16).padStart(12, '0');
    const number = (this.#ids.size + 1).toString(16).padStart(12, '0');
    const made = { id: `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${number}`, timeMs: bornMs };
    this.#ids.set(name, made);
    this.#names.set(made.id, name);
    return made;
  }

  /** The name of an id; the id itself if it has none. */
  nameOf(id: string): string {
    return this.#names.get(id) ?? id;
  }

  /** Stores the command that submits an order; of several the one that led to an event. */
  submitted(command: SubmitCommand): void {
    if (!this.#known.has(command.orderId)) this.#submitted.set(command.orderId, command);
  }

  /** The account of an order; undefined for one that was never submitted. */
  accountOf(id: string): string | undefined {
    return this.#submitted.get(id)?.accountId;
  }

  /** The side of an order. */
  sideOf(id: string): number | undefined {
    return this.#submitted.get(id)?.side;
  }

  /** The book of an order. */
  symbolOf(id: string): string {
    return this.#submitted.get(id)?.symbol ?? defaultSymbol;
  }

  /** The revision in the last event. */
  revisionOf(id: string): number {
    return this.#revisions.get(id) ?? 1;
  }

  /** Updates the state of orders with an event. */
  observe(event: EngineEvent): void {
    if (event.kind === 'replaced') this.#revisions.set(event.orderId, event.revision);
    if (event.kind === 'accepted') this.#known.add(event.order.orderId);
    if (event.kind === 'rejected') this.#known.add(event.orderId);
  }

  /** Whether an accepted order has the terms that it was submitted with. */
  hasTermsOf(order: AcceptedOrder): boolean {
    const submitted = this.#submitted.get(order.orderId);
    if (!submitted) return false;
    const { kind: _kind, idTimeMs: _time, symbol: _symbol, ...terms } = submitted;
    return bodyOf({ ...terms, selfTradeGroup: terms.selfTradeGroup || terms.accountId }) === bodyOf(order);
  }
}

function bodyOf(order: AcceptedOrder): string {
  return JSON.stringify(Object.entries(order).sort(([a], [b]) => (a < b ? -1 : 1)));
}
