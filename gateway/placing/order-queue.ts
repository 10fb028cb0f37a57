/**
 * Orders on their way to the order service. Those that wait go together: a group is what waited when there was a slot for it, never what a
 * timer collected, so a lone order leaves at once. Results come back as they are known, so a slow order delays no other.
 */
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { cancelled, deadlineExceeded, resourceExhausted, unavailable } from '#platform/errors/outcry-error.ts';
import { type GroupSpan, openGroup } from '#platform/telemetry/group-span.ts';
import type { Trace } from '#platform/telemetry/trace-context.ts';
import { deadlineClock } from '#platform/time/deadline-clock.ts';
import { decodeResults, encodeGroup, type GroupItem, type PlaceOutcome } from './order-group.ts';
import { defaultWaitLimits, Overload, type WaitLimits } from './overload.ts';
import { defaultWindowLimits, SendWindow, type SentGroup, type WindowLimits } from './send-window.ts';

/** An order to send. */
export type QueuedOrder = GroupItem & {
  /** Whether its caller has left or was answered: it is not sent any more. */
  readonly isOver: boolean;
  readonly trace?: Trace;
};

/** Sends a PlaceOrdersRequest; the PlaceOrdersResponses come as bytes. */
export type SendGroup = (request: Buffer, options: { timeoutMs: number; trace?: Trace }) => AsyncIterable<Uint8Array>;

/** The bounds of a queue. */
export type QueueLimits = {
  /** Orders of a group. */
  groupItemsMax: number;
  /** Groups of which nothing was answered yet. */
  slotsMax: number;
  /** A group that is not answered in this time, in ms, leaves its slot to the next. */
  slotMs: number;
  /** Orders that wait to be sent. */
  waitingMax: number;
  wait: WaitLimits;
  window: WindowLimits;
};

/** What is counted. */
export type QueueMetrics = { sent(items: number): void; refused(): void; waiting(items: number): void };

/** The defaults: PlaceOrders takes 100 orders. */
export const defaultQueueLimits: QueueLimits = {
  groupItemsMax: 100,
  slotsMax: 1,
  slotMs: 25,
  waitingMax: 4_096,
  wait: defaultWaitLimits,
  window: defaultWindowLimits,
};

type Waiting = {
  order: QueuedOrder;
  queuedMs: number;
  resolve: (outcome: PlaceOutcome) => void;
  reject: (error: unknown) => void;
};

/** A queue to one order service, all replicas of it. */
export class OrderQueue {
  readonly #send: SendGroup;
  readonly #limits: QueueLimits;
  readonly #metrics: QueueMetrics | undefined;
  readonly #overload: Overload;
  readonly #window: SendWindow;
  #waiting: Waiting[] = [];
  #slotsTaken = 0;
  #isScheduled = false;

  constructor(send: SendGroup, limits: Partial<QueueLimits> = {}, metrics?: QueueMetrics) {
    this.#send = send;
    this.#limits = { ...defaultQueueLimits, ...limits };
    this.#metrics = metrics;
    this.#overload = new Overload(this.#limits.wait);
    this.#window = new SendWindow(this.#limits.window, performance.now());
  }

  /**
   * The outcome of an order. Rejects with RESOURCE_EXHAUSTED (OVERLOADED, with the time to come back) when too much waits, at once; with
   * CANCELLED or DEADLINE_EXCEEDED when its caller left or its time ended before it was sent; and as the call that carried it.
   * `isResent`: it was sent before, so that its outcome is not known; it is not refused for the load.
   */
  place(order: QueuedOrder, { isResent }: { isResent: boolean }): Promise<PlaceOutcome> {
    if (order.deadlineTimeMs <= Date.now()) return Promise.reject(deadlineExceeded());
    if (!isResent && this.#isOverloaded(order)) {
      this.#metrics?.refused();
      return Promise.reject(this.#overloaded());
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ order, queuedMs: performance.now(), resolve, reject });
      this.#schedule();
    });
  }

  get #oldestAgeMs(): number {
    const oldest = this.#waiting[0];
    return oldest === undefined ? 0 : performance.now() - oldest.queuedMs;
  }

  #isOverloaded({ deadlineTimeMs }: QueuedOrder): boolean {
    if (this.#waiting.length === 0) return false;
    if (this.#waiting.length >= this.#limits.waitingMax) return true;
    return this.#overload.refuses({
      oldestAgeMs: this.#oldestAgeMs,
      queueMs: this.#window.msFor(this.#waiting.length),
      workMs: this.#window.msFor(this.#window.inFlight),
      leftMs: deadlineTimeMs - Date.now(),
      nowMs: performance.now(),
    });
  }

  #overloaded() {
    const retryDelayMs = Math.round(Math.max(100, this.#oldestAgeMs));
    return resourceExhausted(ErrorReason.OVERLOADED, 'too many orders wait at the moment', { retryDelayMs });
  }

  // One turn of the event loop lets every order that arrived with this one join its group.
  #schedule(): void {
    if (this.#isScheduled || this.#slotsTaken >= this.#limits.slotsMax) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#sendGroups();
    });
  }

  #sendGroups(): void {
    while (this.#waiting.length > 0 && this.#slotsTaken < this.#limits.slotsMax && this.#window.room > 0) {
      const group = this.#takeGroup(Math.min(this.#limits.groupItemsMax, this.#window.room));
      if (group.length > 0) void this.#runGroup(group);
    }
    this.#metrics?.waiting(this.#waiting.length);
  }

  /** The next ones to send; those that are over take no room. */
  #takeGroup(itemsMax: number): Waiting[] {
    const group: Waiting[] = [];
    const nowMs = Date.now();
    let taken = 0;
    for (const waiting of this.#waiting) {
      if (group.length === itemsMax) break;
      taken += 1;
      if (waiting.order.isOver) waiting.reject(cancelled());
      else if (waiting.order.deadlineTimeMs <= nowMs) waiting.reject(deadlineExceeded());
      else group.push(waiting);
    }
    this.#waiting.splice(0, taken);
    return group;
  }

  async #runGroup(group: Waiting[]): Promise<void> {
    const slot = this.#takeSlot();
    const sent = this.#window.send(group.length, performance.now());
    this.#metrics?.sent(group.length);
    const open = new Map(group.entries());
    const span = openSpan(group);
    try {
      const nowMs = Date.now();
      const request = encodeGroup(
        group.map(({ order }) => order),
        nowMs,
      );
      const timeoutMs = group.reduce((longest, { order }) => Math.max(longest, order.deadlineTimeMs - nowMs), 0);
      for await (const response of this.#send(request, { timeoutMs, ...(span && { trace: span.trace }) })) {
        this.#settle(open, sent, response);
        slot.leave();
        this.#sendGroups();
      }
      if (open.size > 0) throw unavailable(undefined, 'the order service left an order without an answer');
    } catch (error) {
      for (const { reject } of open.values()) reject(error);
      if (open.size > 0) this.#window.answer(sent, open.size, performance.now());
    }
    span?.end();
    slot.leave();
    this.#sendGroups();
  }

  #settle(open: Map<number, Waiting>, sent: SentGroup, response: Uint8Array): void {
    let settled = 0;
    decodeResults(response, (index, outcome) => {
      const waiting = open.get(index);
      if (waiting === undefined) return;
      open.delete(index);
      settled += 1;
      waiting.resolve(outcome);
    });
    this.#window.answer(sent, settled, performance.now());
  }

  #takeSlot(): { leave(): void } {
    this.#slotsTaken += 1;
    let isLeft = false;
    const onDeadline = () => {
      if (isLeft) return;
      isLeft = true;
      this.#slotsTaken -= 1;
      this.#sendGroups();
    };
    const deadlined = { onDeadline };
    const tick = deadlineClock.add(Date.now() + this.#limits.slotMs, deadlined);
    return {
      leave: () => {
        if (isLeft) return;
        isLeft = true;
        deadlineClock.remove(tick, deadlined);
        this.#slotsTaken -= 1;
      },
    };
  }
}

function openSpan(group: readonly Waiting[]): GroupSpan | undefined {
  const facts = { name: 'gateway_orders', attributes: { 'outcry.group_items': group.length } };
  return openGroup(
    facts,
    group.map(({ order }) => order.trace),
  );
}
