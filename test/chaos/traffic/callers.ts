/** Carries out what users ask for: each call is sent again under its key until its outcome is known. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom, type Random } from '../../../bench/load/index.ts';
import { KnownOrders } from './known-orders.ts';
import { makeOperation } from './make-operation.ts';
import type { Draft } from './mix.ts';
import type { Market } from './open-market.ts';
import { openSessionAgain } from './open-session-again.ts';
import { isSettled, noteAnswer, type Operation, seenOrders } from './operations.ts';
import { type CallSender, createCallSender } from './send-call.ts';

/** All users of a run. */
export type Callers = Disposable & {
  operations: readonly Operation[];
  /** Calls whose outcome is not known yet. */
  unsettled(): number;
  /** Makes the call of a draft and resolves once its outcome is known. */
  carryOut(draft: Draft): Promise<void>;
};

/** Who calls whom, and how. */
export type CallersOptions = {
  market: Market;
  gatewayUrls: readonly string[];
  seed: number;
  /** One call in so many is given up by its client after a few milliseconds, and sent again; 0: none. Default 40. */
  impatientOneIn?: number;
  /** How long a client waits for an answer, in ms. Default 4,000. */
  timeoutMs?: number;
  /** Gets each operation once an outcome is known. */
  record?: (operation: Operation) => void;
};

const defaultTimeoutMs = 4_000;
const retryDelayMaxMs = 4_000;
const defaultImpatientOneIn = 40;
const impatientMs = 60;
const answeredMax = 500;

type Context = {
  options: CallersOptions;
  sender: CallSender;
  random: Random;
  operations: Operation[];
  known: KnownOrders;
  answered: Operation[];
  unsettled: number;
};

/** Callers of the gateways, who know of no order yet. */
export function createCallers(options: CallersOptions): Callers {
  const context: Context = {
    options,
    sender: createCallSender(options.gatewayUrls),
    random: createRandom(options.seed + 1),
    operations: [],
    known: new KnownOrders(options.market.users.length),
    answered: [],
    unsettled: 0,
  };
  return {
    operations: context.operations,
    unsettled: () => context.unsettled,
    carryOut: (draft) => carryOut(context, draft),
    [Symbol.dispose]: () => context.sender[Symbol.dispose](),
  };
}

async function carryOut(context: Context, draft: Draft): Promise<void> {
  if (draft.kind === 'repeat') return repeat(context);
  const { operations, known, random, options } = context;
  const source = { known, random, seed: options.seed, number: operations.length, nowMs: Date.now };
  const operation = makeOperation(draft, source);
  if (operation === undefined) return;
  operations.push(operation);
  context.unsettled += 1;
  await sendUntilKnown(context, operation);
  context.unsettled -= 1;
  learn(context, operation);
}

async function sendUntilKnown(context: Context, operation: Operation): Promise<void> {
  const before = operation.answers.length;
  while (operation.answers.length === before) {
    await sendOnce(context, operation);
    if (operation.answers.length > before) break;
    const delayMs = Math.min(retryDelayMaxMs, 100 * 2 ** Math.min(6, operation.lost.length));
    await sleep(delayMs * (0.5 + Math.random()));
  }
  context.options.record?.(operation);
}

async function sendOnce({ sender, random, options }: Context, operation: Operation): Promise<void> {
  const { rpc, body } = operation;
  const { impatientOneIn = defaultImpatientOneIn, timeoutMs = defaultTimeoutMs } = options;
  const user = options.market.users[operation.user];
  if (user === undefined) throw new Error('a call has no user');
  const isImpatient = impatientOneIn > 0 && operation.attempts === 0 && random.below(impatientOneIn) === 0;
  const gateway = random.below(options.gatewayUrls.length);
  if (operation.attempts === 0) operation.sentMs = performance.now();
  operation.attempts += 1;
  const answer = await sender.send({
    ...{ gateway, rpc, body, token: user.token },
    timeoutMs: isImpatient ? 1 + random.below(impatientMs) : timeoutMs,
  });
  if (answer.kind !== 'unknown') noteAnswer(operation, answer);
  else {
    operation.lost.push(answer.why);
    if (answer.why === 'unauthenticated') await openSessionAgain(options.gatewayUrls, user);
  }
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

const showsOrders = new Set(['place', 'place-batch', 'place-list', 'replace']);

function learn({ answered, known, random }: Context, operation: Operation): void {
  if (!isSettled(operation)) return;
  if (operation.key !== '') {
    if (answered.length < answeredMax) answered.push(operation);
    else answered[random.below(answeredMax)] = operation;
  }
  if (!showsOrders.has(operation.kind)) return;
  for (const order of seenOrders(operation)) known.learn(operation.user, order);
  const { user, kind, body, answers } = operation;
  if (kind === 'replace' && answers[0]?.kind === 'refused' && answers[0].reason === 'ORDER_ALREADY_FINAL')
    known.forget(user, String(body.orderId));
}
