/** Reads by GET: what a browser has is not sent again, and what many ask for is asked of the service once. */
import { createHash } from 'node:crypto';
import { MethodOptions_IdempotencyLevel } from '@bufbuild/protobuf/wkt';
import type { UniversalServerRequest, UniversalServerResponse } from '@connectrpc/connect/protocol';
import type { Gate } from '../admission/admit.ts';
import { deadlineKey } from '../call/call-deadline.ts';
import { admissionKey, remoteAddressKey } from '../call/context-keys.ts';
import { once } from '../edge/error-forms.ts';
import type { AnswerRead, Read } from '../edge/rpc-handler.ts';
import { isKnown } from '../pages/negotiate.ts';
import { readPolicyOf } from './read-policy.ts';
import { type Answer, SharedAnswers } from './shared-answers.ts';

/** Reads behind the gate. A shared answer is counted and admitted as a call of its own. */
export function createReads(gate: Gate, shared: SharedAnswers = new SharedAnswers()): AnswerRead {
  return async (read) => {
    const { rpc, call, values, run } = read;
    if (call.method !== 'GET' || rpc.method.idempotency !== MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS)
      return run();
    const { cacheControl, sharedMs } = readPolicyOf(rpc.method);
    const collected = async () => collect(await run());
    const own = sharedMs === 0 ? undefined : await admit(gate, read);
    const deadline = values.get(deadlineKey);
    const waitFor = <T>(answer: Promise<T>) => deadline.bound(answer);
    const answer = await (own ? shared.get(keyOf(call), { sharedMs, run: collected, waitFor }) : collected());
    return answer.status === 200 ? makeConditional(answer, call, { cacheControl, own }) : respond(answer);
  };
}

/** The headers that the gate sets; undefined when it refuses, which the call itself is then answered with. */
async function admit(gate: Gate, { rpc, call, values }: Read): Promise<Headers | undefined> {
  const headers: Record<string, string> = {};
  try {
    const caller = await gate({
      method: rpc.method,
      authorization: call.header.get('authorization') ?? undefined,
      remoteAddress: values.get(remoteAddressKey),
      setHeader: (name, value) => {
        headers[name] = value;
      },
    });
    values.set(admissionKey, { caller, headers });
    return new Headers(headers);
  } catch (refusal) {
    values.set(admissionKey, { refusal, headers });
    return undefined;
  }
}

function keyOf({ url, header }: UniversalServerRequest): string {
  const { pathname, search } = new URL(url);
  return `${pathname}${search}\n${header.get('accept-encoding') ?? ''}`;
}

async function collect({ status, header, body }: UniversalServerResponse): Promise<Answer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body ?? []) chunks.push(chunk);
  return { status, header: new Headers(header), body: Buffer.concat(chunks) };
}

function makeConditional(
  { header: stored, body }: Answer,
  call: UniversalServerRequest,
  { cacheControl, own }: { cacheControl: string; own: Headers | undefined },
): UniversalServerResponse {
  const header = new Headers(stored);
  for (const [name, value] of own ?? []) header.set(name, value);
  const etag = `"${createHash('sha1').update(body).digest('base64url')}"`;
  header.set('etag', etag);
  header.set('cache-control', cacheControl);
  header.append('vary', cacheControl.startsWith('private') ? 'Accept-Encoding, Authorization' : 'Accept-Encoding');
  if (!isKnown(call.header.get('if-none-match') ?? undefined, etag)) return { status: 200, header, body: once(body) };
  for (const name of ['content-type', 'content-length', 'content-encoding']) header.delete(name);
  return { status: 304, header };
}

function respond({ status, header, body }: Answer): UniversalServerResponse {
  return { status, header, body: once(body) };
}
