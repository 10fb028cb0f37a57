/** Many users at once: calls are sent when they are due, and again under their key until their outcome is known. */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom, type Random } from '../../../bench/load/index.ts';
import { createMix, type Draft } from './mix.ts';
import { type Market, renewToken, type User } from './open-market.ts';
import { createOperation, isSettled, type Operation } from './operations.ts';
import { type CallSender, createCallSender } from './send-call.ts';

/** The calls of a run. */
export type Traffic = {
  operations: readonly Operation[];
  /** Calls whose outcome is not known yet. */
  unsettled(): number;
  /** Sends no new calls. Resolves once every outcome is known, or after `timeoutMs`. */
  finish(timeoutMs: number): Promise<void>;
};

/** How to run it. */
export type TrafficOptions = {
  market: Market;
  gatewayUrls: readonly string[];
  ratePerSecond: number;
  seed: number;
  /** Of 1,000 calls, orders that cross the spread; default 330. */
  crossingOf1000?: number;
  /** File that gets a line of JSON for each definite answer. */
  recordPath: string;
};

// Past so many seconds' calls without an outcome no new one begins: an outage must not be followed by a flood that is worse than the outage.
const unsettledSecondsMax = 8;
const timeoutMs = 4_000;
const retryDelayMaxMs = 4_000;
// One call in so many is given up by its client after a few milliseconds, and sent again.
const impatientOneIn = 40;
const impatientMs = 60;
const knownOrdersMax = 500;

type Context = {
  options: TrafficOptions;
  sender: CallSender;
  random: Random;
  operations: Operation[];
  /** Of each user: orders that were open when last seen. */
  knownOrders: string[][];
  answered: Operation[];
  unsettled: number;
  record: (operation: Operation) => void;
};

/** Starts the traffic. */
export function startTraffic(options: TrafficOptions): Traffic {
  const stream = createWriteStream(options.recordPath);
  const context: Context = {
    options,
    sender: createCallSender(options.gatewayUrls),
    random: createRandom(options.seed + 1),
    operations: [],
    knownOrders: options.market.users.map(() => []),
    answered: [],
    unsettled: 0,
    record: (operation) => void stream.write(`${JSON.stringify(operation)}\n`),
  };
  const stopping = new AbortController();
  const running = arrive(context, stopping.signal);
  return {
    operations: context.operations,
    unsettled: () => context.unsettled,
    async finish(finishTimeoutMs) {
      stopping.abort();
      await running;
      const deadlineMs = performance.now() + finishTimeoutMs;
      while (context.unsettled > 0 && performance.now() < deadlineMs) await sleep(50);
      context.sender[Symbol.dispose]();
      stream.end();
    },
  };
}

async function arrive(context: Context, signal: AbortSignal): Promise<void> {
  const { ratePerSecond, seed, market, crossingOf1000 } = context.options;
  const random = createRandom(seed);
  const mix = createMix(random, { users: market.users.length, symbols: market.symbols, crossingOf1000 });
  let dueMs = performance.now();
  while (!signal.aborted) {
    // The gap of a Poisson process is exponential.
    dueMs += (-Math.log(1 - random.next()) * 1_000) / ratePerSecond;
    const draft = mix.next();
    const waitMs = dueMs - performance.now();
    if (waitMs > 1) await sleep(waitMs);
    if (context.unsettled < unsettledSecondsMax * ratePerSecond) void begin(context, draft);
  }
}

async function begin(context: Context, draft: Draft): Promise<void> {
  if (draft.kind === 'repeat') return repeat(context);
  const operation = operationOf(context, draft);
  if (operation === undefined) return;
  context.operations.push(operation);
  context.unsettled += 1;
  await sendUntilKnown(context, operation);
  context.unsettled -= 1;
  learn(context, operation);
}

function operationOf({ operations, knownOrders, random, options }: Context, draft: Draft): Operation | undefined {
  const { kind, user } = draft as Exclude<Draft, { kind: 'repeat' }>;
  const number = operations.length;
  const key = createHash('sha256').update(`${options.seed} ${number}`).digest('hex').slice(0, 32);
  const common = { number, user, kind };
  switch (draft.kind) {
    case 'place':
      return createOperation({
        ...common,
        key,
        rpc: `${orders}/PlaceOrder`,
        body: { clientOrderId: key, terms: draft.terms },
      });
    case 'cancel': {
      const known = knownOrders[user] ?? [];
      const [orderId] = known.splice(random.below(Math.max(1, known.length)), 1);
      if (orderId === undefined) return undefined;
      return createOperation({ ...common, key: '', rpc: `${orders}/CancelOrder`, body: { orderId } });
    }
    case 'cancel-all':
      return createOperation({ ...common, key: '', rpc: `${orders}/CancelAllOrders`, body: {} });
    case 'deposit':
    case 'withdraw': {
      const rpc = `outcry.ledger.v1.LedgerService/${draft.kind === 'deposit' ? 'Deposit' : 'Withdraw'}`;
      return createOperation({ ...common, key, rpc, body: { idempotencyKey: key, amount: draft.amount } });
    }
    default:
      return undefined;
  }
}

const orders = 'outcry.order.v1.OrderService';

async function sendUntilKnown(context: Context, operation: Operation): Promise<void> {
  const before = operation.answers.length;
  while (operation.answers.length === before) {
    await sendOnce(context, operation);
    if (operation.answers.length > before) break;
    const delayMs = Math.min(retryDelayMaxMs, 100 * 2 ** Math.min(6, operation.lost.length));
    await sleep(delayMs * (0.5 + Math.random()));
  }
  context.record(operation);
}

async function sendOnce({ sender, random, options }: Context, operation: Operation): Promise<void> {
  const { rpc, body } = operation;
  const user = options.market.users[operation.user];
  if (user === undefined) throw new Error('a call has no user');
  const isImpatient = operation.attempts === 0 && random.below(impatientOneIn) === 0;
  const gateway = random.below(options.gatewayUrls.length);
  operation.attempts += 1;
  const answer = await sender.send({
    ...{ gateway, rpc, body, token: user.token },
    timeoutMs: isImpatient ? 1 + random.below(impatientMs) : timeoutMs,
  });
  if (answer.kind !== 'unknown') operation.answers.push(answer);
  else {
    operation.lost.push(answer.why);
    if (answer.why === 'unauthenticated') await renew(options, user);
  }
}

const renewals = new WeakMap<User, Promise<void>>();

/** Opens a session again, once for all calls of the user that wait for it. */
async function renew({ gatewayUrls }: TrafficOptions, user: User): Promise<void> {
  const [url = ''] = gatewayUrls;
  const opening = async () => {
    user.token = await renewToken(url.replace('localhost', '127.0.0.1'), user).catch(() => user.token);
    renewals.delete(user);
  };
  const renewal = renewals.get(user) ?? opening();
  renewals.set(user, renewal);
  await renewal;
}

/** Sends a call that was answered once more, twice at once: its answer must be the same. */
async function repeat(context: Context): Promise<void> {
  const { answered, random } = context;
  const operation = answered[random.below(Math.max(1, answered.length))];
  if (operation === undefined) return;
  context.unsettled += 1;
  await Promise.all([sendUntilKnown(context, operation), sendUntilKnown(context, operation)]);
  context.unsettled -= 1;
}

function learn({ answered, knownOrders, random }: Context, operation: Operation): void {
  if (!isSettled(operation)) return;
  if (operation.key !== '') {
    if (answered.length < knownOrdersMax) answered.push(operation);
    else answered[random.below(knownOrdersMax)] = operation;
  }
  const [answer] = operation.answers;
  if (operation.kind !== 'place' || answer?.kind !== 'done' || answer.order === undefined) return;
  const known = knownOrders[operation.user] ?? [];
  const isOpen = /_(OPEN|PARTIALLY_FILLED|PENDING)$/.test(answer.order.status);
  if (isOpen && known.length < knownOrdersMax) known.push(answer.order.orderId);
}
