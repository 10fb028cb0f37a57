/** Calls under a key that is stored before they are sent, so that a repeat after a lost answer is the same call. */
import { randomUUID } from 'node:crypto';
import {
  create,
  type DescMessage,
  type DescMethod,
  type DescMethodUnary,
  fromJson,
  type JsonObject,
  type MessageInitShape,
  type MessageShape,
  toJson,
} from '@bufbuild/protobuf';
import { ErrorReasonSchema } from '#gen/outcry/errors/v1/errors_pb.ts';
import {
  type Order,
  OrderService,
  OrderStatus,
  PlaceOrderRequestSchema,
  PlaceOrderResponseSchema,
} from '#gen/outcry/order/v1/order_pb.ts';
import { pause } from '#platform/time/pause.ts';
import { CallFailure, toCallFailure } from '../call/call-failure.ts';
import { UsageError } from '../input/usage-error.ts';
import { enumName } from '../output/words.ts';
import type { Api } from '../session/api.ts';
import type { Session } from '../session/session.ts';
import { isSameCall, type Journal, type JournalEntry, type OwnedEntry } from './journal.ts';
import { isForTheMoment, type KeyedRpc, momentSendMaxMs, momentTimeMaxMs, repeatTimeMaxMs } from './keyed-rpcs.ts';

/** What keyed calls need. */
export type KeyedCallContext = {
  api: Api;
  session: Session;
  journal: Journal;
  gateway: string;
  /** Says on the side what happens with an earlier call. */
  note(text: string): void;
};

/** A keyed call and what is done with its answer, before its entry is removed: who is killed before that is answered again. */
export type KeyedCall<I extends DescMessage, O extends DescMessage> = {
  rpc: KeyedRpc<I, O>;
  request: MessageInitShape<I>;
  /** The caller's own key; undefined: a new one. */
  key: string | undefined;
  show(message: MessageShape<O>): void;
};

const lookUpEveryMs = 1_000;
const keyText = /^[A-Za-z0-9._:-]{1,64}$/;

/**
 * Calls under the key. The entry is in the journal from before the call until its answer has been shown, or it is refused. Without a key
 * of the caller, an earlier call of the same contents that has no answer and whose process has ended is finished instead: whose command
 * was killed repeats it, and gets its one effect.
 */
export async function callKeyed<I extends DescMessage, O extends DescMessage>(
  context: KeyedCallContext,
  call: KeyedCall<I, O>,
): Promise<void> {
  const { rpc, key, show } = call;
  if (key !== undefined && !keyText.test(key)) throw new UsageError('--key takes 1 to 64 characters of A-Za-z0-9._:-');
  const entry = await entryOf(context, call);
  const earlier = key === undefined ? findSameRequest(context, entry, rpc.keyField) : findSameKey(context, entry);
  if (earlier !== undefined && (await settle(context, { method: rpc.method, owned: earlier, show })) === 'done') return;
  await send(context, { method: rpc.method, owned: context.journal.open(entry), show });
}

/** An entry with its RPC. */
type Sending<I extends DescMessage, O extends DescMessage> = {
  method: DescMethodUnary<I, O>;
  owned: OwnedEntry;
  show(message: MessageShape<O>): void;
};

/**
 * Finishes an earlier call: `done` once its answer has been shown, `not-done` when it was not done and never will be. Rejects with
 * CallFailure: the refusal that it had, or that there is no answer still.
 */
export async function settle<I extends DescMessage, O extends DescMessage>(
  context: KeyedCallContext,
  sending: Sending<I, O>,
): Promise<'done' | 'not-done'> {
  const { entry, close } = sending.owned;
  const ageMs = ageOf(entry);
  if (isOrderForTheMoment(entry) && ageMs > momentSendMaxMs) {
    const found = await lookUpUntilKnown(context, entry);
    if (found !== undefined) return finishOrder(sending, found);
    close();
    context.note(`the order of ${ageText(ageMs)} ago under key ${entry.key} was never placed`);
    return 'not-done';
  }
  if (ageMs > repeatMaxMs(entry)) {
    const advice = 'see `outcry orders` and `outcry statement`, then `outcry resume --forget KEY`';
    throw new CallFailure('no-answer', `the call under key ${entry.key} is too old to be repeated: ${advice}`);
  }
  context.note(`finishing the call of ${ageText(ageMs)} ago under key ${entry.key}`);
  await send(context, sending);
  return 'done';
}

async function send<I extends DescMessage, O extends DescMessage>(
  { api }: KeyedCallContext,
  { method, owned, show }: Sending<I, O>,
): Promise<void> {
  const { entry } = owned;
  const request = fromJson(method.input, entry.request) as MessageInitShape<I>;
  const isForItsMoment = isOrderForTheMoment(entry) || repeatMaxMs(entry) === momentSendMaxMs;
  const sendMaxMs = isForItsMoment ? Math.max(1, momentSendMaxMs - ageOf(entry)) : Number.POSITIVE_INFINITY;
  try {
    const message = await api.call(method, request, { timeoutMs: Math.min(api.timeoutMs, sendMaxMs) });
    show(message);
    owned.close();
  } catch (error) {
    const failure = toCallFailure(error);
    if (!failure.isOpen) owned.close();
    throw failure;
  }
}

async function entryOf<I extends DescMessage, O extends DescMessage>(
  { session, gateway }: KeyedCallContext,
  { rpc: { method, keyField }, request, key = randomUUID() }: KeyedCall<I, O>,
): Promise<JournalEntry> {
  // Who is not signed in sends nothing, and leaves nothing behind.
  await session.bearer();
  const message = create(method.input, { ...request, [keyField]: key });
  return {
    rpc: `${method.parent.typeName}/${method.name}`,
    key,
    gateway,
    identity: session.identity(),
    request: toJson(method.input, message) as JsonObject,
    createTimeMs: Date.now(),
  };
}

function findSameRequest({ journal }: KeyedCallContext, entry: JournalEntry, keyField: string): OwnedEntry | undefined {
  const contents = contentsOf(entry, keyField);
  for (const other of journal.list().abandoned) {
    const owned = contentsOf(other, keyField) === contents ? journal.claim(other) : undefined;
    if (owned !== undefined) return owned;
  }
  return undefined;
}

function findSameKey({ journal }: KeyedCallContext, entry: JournalEntry): OwnedEntry | undefined {
  const other = journal.list().abandoned.find((one) => isSameCall(one, entry));
  if (other === undefined) return undefined;
  if (JSON.stringify(other.request) !== JSON.stringify(entry.request)) {
    throw new UsageError(`another call under key ${entry.key} has no answer yet: use \`outcry resume\``);
  }
  return journal.claim(other);
}

function contentsOf({ rpc, gateway, identity, request }: JournalEntry, keyField: string): string {
  return JSON.stringify([rpc, gateway, identity, { ...request, [keyField]: '' }]);
}

/** Whether the call is one order, of which its key says the outcome, and which is for the market of its own moment. */
function isOrderForTheMoment(entry: JournalEntry): boolean {
  if (isCallOf(entry, OrderService.method.closePosition)) return true;
  if (!isCallOf(entry, OrderService.method.placeOrder)) return false;
  const { terms } = fromJson(PlaceOrderRequestSchema, entry.request);
  return terms !== undefined && isForTheMoment(terms);
}

function isCallOf({ rpc }: JournalEntry, { parent, name }: DescMethod): boolean {
  return rpc === `${parent.typeName}/${name}`;
}

/** How long after its command a call may be repeated, in ms. Sales of all there is are for their moment, and no key says what came of them. */
function repeatMaxMs(entry: JournalEntry): number {
  return isCallOf(entry, OrderService.method.closeAllPositions) ? momentSendMaxMs : repeatTimeMaxMs;
}

/** The order of a call that is not sent any more; undefined when it was never placed, and never will be. */
async function lookUpUntilKnown(context: KeyedCallContext, entry: JournalEntry): Promise<Order | undefined> {
  const deadlineMs = performance.now() + context.api.timeoutMs;
  for (;;) {
    // Read before the order is looked up: what is not there by then comes no more.
    const isOver = ageOf(entry) > momentTimeMaxMs;
    const found = await lookUp(context, entry.key);
    if (found !== undefined || isOver) return found;
    if (performance.now() > deadlineMs) {
      throw new CallFailure('no-answer', `the order under key ${entry.key} may still be placed: ask again in a minute`);
    }
    await pause(lookUpEveryMs);
  }
}

async function lookUp({ api }: KeyedCallContext, clientOrderId: string): Promise<Order | undefined> {
  try {
    return (await api.call(OrderService.method.getOrder, { clientOrderId })).order;
  } catch (error) {
    const failure = toCallFailure(error);
    if (failure.code === 'not_found') return undefined;
    // What was asked was to look it up; the order itself may be there.
    failure.isOpen = true;
    throw failure;
  }
}

function finishOrder<I extends DescMessage, O extends DescMessage>(
  { method, owned, show }: Sending<I, O>,
  order: Order,
): 'done' {
  if (order.status === OrderStatus.REJECTED) {
    owned.close();
    throw refusalOf(order);
  }
  const answer = toJson(PlaceOrderResponseSchema, create(PlaceOrderResponseSchema, { order }));
  show(fromJson(method.output, answer));
  owned.close();
  return 'done';
}

function refusalOf({ orderId, refusal }: Order): CallFailure {
  const reason = enumName(ErrorReasonSchema, refusal?.reason ?? 0);
  return new CallFailure('refused', `order ${orderId} was refused`, { reason, numbers: refusal?.metadata });
}

// A clock that was set back makes an entry old rather than new.
function ageOf({ createTimeMs }: JournalEntry): number {
  return Math.abs(Date.now() - createTimeMs);
}

function ageText(ageMs: number): string {
  const seconds = Math.round(ageMs / 1_000);
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
