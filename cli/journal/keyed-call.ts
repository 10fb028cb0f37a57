/** Calls under a key that is stored before they are sent, so that a repeat after a lost answer is the same call. */
import { randomUUID } from 'node:crypto';
import {
  create,
  type DescMessage,
  type DescMethodUnary,
  fromJson,
  type JsonObject,
  type MessageInitShape,
  type MessageShape,
  toJson,
} from '@bufbuild/protobuf';
import { OrderService } from '#gen/outcry/order/v1/order_pb.ts';
import { pause } from '#platform/time/pause.ts';
import { CallFailure, toCallFailure } from '../call/call-failure.ts';
import { UsageError } from '../input/usage-error.ts';
import type { Api } from '../session/api.ts';
import type { Session } from '../session/session.ts';
import { isSameCall, type Journal, type JournalEntry, type OwnedEntry } from './journal.ts';
import { type KeyedRpc, momentSendMaxMs, momentTimeMaxMs, repeatTimeMaxMs } from './keyed-rpcs.ts';
import { type FoundCall, lookUp, type MomentRpc, momentRpcOf } from './moment-calls.ts';

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
  const earlier = key === undefined ? findSameRequest(context, entry, rpc) : findSameKey(context, entry);
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
  const moment = momentOf(entry);
  if (moment !== undefined && ageMs > momentSendMaxMs) {
    const found = await lookUpUntilKnown(context, entry, moment);
    if (found !== undefined) return finish(sending, found);
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
  const isForItsMoment = momentOf(entry) !== undefined || repeatMaxMs(entry) === momentSendMaxMs;
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
  { rpc: { method, keyField, complete = asItIs }, request, key = randomUUID() }: KeyedCall<I, O>,
): Promise<JournalEntry> {
  // Who is not signed in sends nothing, and leaves nothing behind.
  await session.bearer();
  const message = create(method.input, { ...request, [keyField]: key });
  return {
    rpc: `${method.parent.typeName}/${method.name}`,
    key,
    gateway,
    identity: session.identity(),
    request: complete(toJson(method.input, message) as JsonObject),
    createTimeMs: Date.now(),
  };
}

const asItIs = (request: JsonObject) => request;

type KeyFields = Pick<KeyedRpc, 'complete'> & { keyField: string };

function findSameRequest({ journal }: KeyedCallContext, entry: JournalEntry, rpc: KeyFields): OwnedEntry | undefined {
  const contents = contentsOf(entry, rpc);
  for (const other of journal.list().abandoned) {
    if (other.rpc !== entry.rpc) continue;
    const owned = contentsOf(other, rpc) === contents ? journal.claim(other) : undefined;
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

function contentsOf(
  { rpc, gateway, identity, request }: JournalEntry,
  { keyField, complete = asItIs }: KeyFields,
): string {
  return JSON.stringify([rpc, gateway, identity, complete({ ...request, [keyField]: '' })]);
}

/** Its RPC, of a call that is for the market of its own moment. */
function momentOf({ rpc, request }: JournalEntry): MomentRpc | undefined {
  const found = momentRpcOf(rpc);
  return found?.isForTheMoment(request) ? found : undefined;
}

/** How long after its command a call may be repeated, in ms. Sales of all there is are for their moment, and no key says what came of them. */
function repeatMaxMs({ rpc }: JournalEntry): number {
  const { parent, name } = OrderService.method.closeAllPositions;
  return rpc === `${parent.typeName}/${name}` ? momentSendMaxMs : repeatTimeMaxMs;
}

/** What came of a call that is not sent any more; undefined when nothing was placed, and never will be. */
async function lookUpUntilKnown(
  context: KeyedCallContext,
  entry: JournalEntry,
  rpc: MomentRpc,
): Promise<FoundCall | undefined> {
  const deadlineMs = performance.now() + context.api.timeoutMs;
  for (;;) {
    // Read before the order is looked up: what is not there by then comes no more.
    const isOver = ageOf(entry) > momentTimeMaxMs;
    const found = await lookUp(context.api, rpc, entry.key);
    if (found !== undefined || isOver) return found;
    if (performance.now() > deadlineMs) {
      throw new CallFailure('no-answer', `the order under key ${entry.key} may still be placed: ask again in a minute`);
    }
    await pause(lookUpEveryMs);
  }
}

function finish<I extends DescMessage, O extends DescMessage>(
  { method, owned, show }: Sending<I, O>,
  found: FoundCall,
): 'done' {
  if ('refusal' in found) {
    owned.close();
    throw found.refusal;
  }
  show(fromJson(method.output, found.answer));
  owned.close();
  return 'done';
}

// A clock that was set back makes an entry old rather than new.
function ageOf({ createTimeMs }: JournalEntry): number {
  return Math.abs(Date.now() - createTimeMs);
}

function ageText(ageMs: number): string {
  const seconds = Math.round(ageMs / 1_000);
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
