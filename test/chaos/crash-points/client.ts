/** A client that sends each call of a day until its outcome is known, and records it for the judge. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Market, User } from '../traffic/open-market.ts';
import { openSessionAgain } from '../traffic/open-session-again.ts';
import {
  createOperation,
  noteAnswer,
  type Operation,
  type OperationKind,
  type SeenOrder,
} from '../traffic/operations.ts';
import { type CallSender, createCallSender } from '../traffic/send-call.ts';

/** Calls of the users of a market, by number. */
export type DayClient = Disposable & {
  readonly operations: readonly Operation[];
  /** Places an order and returns it as it was answered; undefined when it was refused. */
  place(user: number, terms: Record<string, unknown>): Promise<SeenOrder | undefined>;
  /** Places an order without waiting for its outcome: it is sent again until that is known. */
  begin(user: number, terms: Record<string, unknown>): { operation: Operation; settled: Promise<void> };
  /** Sends a call that was answered once more, under its key. */
  repeat(operation: Operation): Promise<void>;
  cancel(user: number, orderId: string): Promise<void>;
  cancelAll(user: number): Promise<void>;
  transfer(user: number, kind: 'deposit' | 'withdraw', amount: string): Promise<void>;
};

const orderService = 'outcry.order.v1.OrderService';
const ledgerService = 'outcry.ledger.v1.LedgerService';
// Longer than any call takes that waits for a feed.
const timeoutMs = 6_000;
const retryMs = 150;
const outcomeTimeoutMs = 60_000;

/** A client of the gateways. */
export function createDayClient(gatewayUrls: readonly string[], market: Market): DayClient {
  const sender = createCallSender(gatewayUrls);
  const operations: Operation[] = [];
  const untilKnown = async (operation: Operation) => {
    const user = market.users[operation.user];
    if (user === undefined) throw new Error('a call has no user');
    await sendUntilKnown(sender, operation, { user, gatewayUrls });
  };
  const start = (user: number, kind: OperationKind, rpc: string, body: Record<string, unknown>, key = '') => {
    const operation = createOperation({ number: operations.length, kind, user, key, rpc, body });
    operations.push(operation);
    return { operation, settled: untilKnown(operation) };
  };
  const begin = (user: number, terms: Record<string, unknown>) => {
    const key = randomUUID();
    return start(user, 'place', `${orderService}/PlaceOrder`, { clientOrderId: key, terms }, key);
  };
  return {
    operations,
    begin,
    async place(user, terms) {
      const { operation, settled } = begin(user, terms);
      await settled;
      const [answer] = operation.answers;
      return answer?.kind === 'done' ? answer.order : undefined;
    },
    repeat: untilKnown,
    cancel: (user, orderId) => start(user, 'cancel', `${orderService}/CancelOrder`, { orderId }).settled,
    cancelAll: (user) => start(user, 'cancel-all', `${orderService}/CancelAllOrders`, {}).settled,
    transfer(user, kind, amount) {
      const key = randomUUID();
      const rpc = `${ledgerService}/${kind === 'deposit' ? 'Deposit' : 'Withdraw'}`;
      return start(user, kind, rpc, { idempotencyKey: key, amount }, key).settled;
    },
    [Symbol.dispose]: () => sender[Symbol.dispose](),
  };
}

async function sendUntilKnown(
  sender: CallSender,
  operation: Operation,
  { user, gatewayUrls }: { user: User; gatewayUrls: readonly string[] },
): Promise<void> {
  const { rpc, body } = operation;
  for (const deadlineMs = performance.now() + outcomeTimeoutMs; performance.now() < deadlineMs; await sleep(retryMs)) {
    const gateway = operation.attempts++;
    if (gateway === 0) operation.sentMs = performance.now();
    const answer = await sender.send({ gateway, rpc, body, token: user.token, timeoutMs });
    if (answer.kind !== 'unknown') return noteAnswer(operation, answer);
    operation.lost.push(answer.why);
    // A day of many crash points is longer than an access token.
    if (answer.why === 'unauthenticated') await openSessionAgain(gatewayUrls, user);
  }
}
