/** Sends one call as a browser would, Connect with JSON, and says what its answer means. */
import { Agent, request } from 'node:http';
import type { Answer, ItemAnswer, SeenOrder, SeenTransfer } from './operations.ts';

/** An answer, or why there is none: then the call may have been carried out or not. */
export type Sending = Answer | { kind: 'unknown'; why: string };

/** Sends calls to gateways. */
export type CallSender = Disposable & {
  /** Never rejects. The client hangs up after `timeoutMs`. */
  send(call: { gateway: number; rpc: string; body: object; token: string; timeoutMs: number }): Promise<Sending>;
};

/** Codes that say nothing of the call's outcome: it is sent again under its key. All others are its outcome. */
const unknownCodes = new Set([
  'canceled',
  'unknown',
  'deadline_exceeded',
  'resource_exhausted',
  'aborted',
  'internal',
  'unavailable',
  'data_loss',
  'unauthenticated',
]);
const socketsMax = 256;

/** A sender to these base URLs, by number. */
export function createCallSender(gatewayUrls: readonly string[]): CallSender {
  const agent = new Agent({ keepAlive: true, maxSockets: socketsMax });
  const targets = gatewayUrls.map((url) => new URL(url));
  return {
    async send({ gateway, rpc, body, token, timeoutMs }) {
      const target = targets[gateway % targets.length] as URL;
      try {
        const options = {
          // By number: the name may lead to another address first.
          host: '127.0.0.1',
          port: target.port,
          path: `/${rpc}`,
          agent,
          signal: AbortSignal.timeout(timeoutMs),
          token,
        };
        return readAnswer(await post(options, JSON.stringify(body)));
      } catch (error) {
        return { kind: 'unknown', why: nameOf(error) };
      }
    },
    [Symbol.dispose]: () => agent.destroy(),
  };
}

type PostOptions = { host: string; port: string; path: string; agent: Agent; signal: AbortSignal; token: string };

function post({ token, ...options }: PostOptions, body: string): Promise<{ status: number; text: string }> {
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
  };
  return new Promise((resolve, reject) => {
    const sent = request({ ...options, method: 'POST', headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
      );
      response.once('error', reject);
      response.once('aborted', () => reject(new Error('cut short')));
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

type ErrorBody = { code?: string; details?: { debug?: { reason?: string } }[] };
/** One result of a call for many orders; of ChangeOrders it has several. */
type ItemBody = { order?: SeenOrder; error?: { code?: number; reason?: string } };
type ResultBody = ItemBody & { cancels?: ItemBody[]; placings?: ItemBody[] };
type DoneBody = {
  order?: SeenOrder;
  transfer?: SeenTransfer;
  results?: ResultBody[];
  orders?: SeenOrder[];
  requestedCount?: number;
};

/** Numbers of google.rpc.Code that say nothing of an item's outcome: those of `unknownCodes`. */
const unknownItemCodes = new Set([1, 2, 4, 8, 10, 13, 14, 15, 16]);
/** ABORTED, and all the same the outcome: the order has changed since its client saw it. */
const staleReason = 'ORDER_REVISION_STALE';

function readAnswer({ status, text }: { status: number; text: string }): Sending {
  const body = JSON.parse(text) as ErrorBody & DoneBody;
  if (status === 200) return readDone(body);
  const code = body.code ?? `http-${status}`;
  const reason = body.details?.find(({ debug }) => debug?.reason !== undefined)?.debug?.reason ?? '';
  const isUnknown = body.code === undefined || (unknownCodes.has(code) && reason !== staleReason);
  return isUnknown ? { kind: 'unknown', why: code } : { kind: 'refused', code, reason };
}

/** A call for many orders has an outcome once each of them has. */
function readDone({ order, transfer, orders, requestedCount = 0, ...body }: DoneBody): Sending {
  const results = body.results?.flatMap(itemsOf);
  const unknown = results?.find(({ error }) => error !== undefined && unknownItemCodes.has(error.code ?? 0));
  if (unknown !== undefined) return { kind: 'unknown', why: `item ${unknown.error?.reason ?? unknown.error?.code}` };
  const items = results?.map(readItem) ?? orders?.map((each): ItemAnswer => ({ kind: 'done', order: each }));
  return { kind: 'done', order, transfer, requestedCount, ...(items === undefined ? {} : { items }) };
}

function itemsOf(result: ResultBody): ItemBody[] {
  const { cancels, placings } = result;
  return cancels === undefined && placings === undefined ? [result] : [...(cancels ?? []), ...(placings ?? [])];
}

function readItem({ order, error }: ItemBody): ItemAnswer {
  if (order !== undefined) return { kind: 'done', order };
  return { kind: 'refused', code: String(error?.code ?? 0), reason: error?.reason ?? '' };
}

function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return 'error';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
