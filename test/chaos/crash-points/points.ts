/**
 * The points at which a process can be made to end: around every commit and every call that it sends. They are found by wrapping the
 * drivers (pg, grpc-js) inside of a process of a run; the code of the services is not changed.
 */
import { appendFileSync } from 'node:fs';
import type { CallType, ChannelType, QueryResult } from './driver-types.ts';

/** A point at which the process is to act, once. */
export type ArmedPoint = {
  /**
   * A pattern of its label, such as `commit INSERT journal before`, `call /outcry.exchange.v1.ExchangeService/Submit answered`; empty: no
   * point any more.
   */
  pattern: string;
  /** `kill` these processes, or `stop` (SIGSTOP) them; none means this process. */
  action: 'kill' | 'stop';
  pids: number[];
  /** File to which a line is appended when the point was reached. */
  file: string;
};

type Reporter = (message: { point: string }) => void;

let armed: (ArmedPoint & { regExp: RegExp }) | undefined;
let report: Reporter = () => {};

/** Wraps the drivers of this process when CHAOS_POINTS is 1; each point is reported as it is reached. */
export async function installPoints(reporter: Reporter): Promise<void> {
  if (process.env.CHAOS_POINTS !== '1') return;
  report = reporter;
  const { default: pg } = await import('pg');
  const { Channel } = await import('@grpc/grpc-js');
  wrapQueries(pg.Client.prototype);
  wrapCalls(Channel.prototype);
}

/** Arms a point in the place of the one before. */
export function armPoint(point: ArmedPoint): void {
  armed = point.pattern === '' ? undefined : { ...point, regExp: new RegExp(point.pattern) };
}

function reach(label: string): void {
  report({ point: label });
  if (armed?.regExp.test(label) !== true) return;
  const { action, pids, file } = armed as ArmedPoint;
  armed = undefined;
  appendFileSync(file, `${label}\n`);
  const signal = action === 'kill' ? 'SIGKILL' : 'SIGSTOP';
  for (const pid of pids.length > 0 ? pids : [process.pid]) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended already.
    }
  }
}

type Queries = { query: (...args: never[]) => unknown };

/** Statements that write are commits, unless they are part of a transaction: then its COMMIT is, named by the first of them. */
function wrapQueries(prototype: Queries): void {
  const original = prototype.query;
  const transactions = new WeakMap<object, string>();
  prototype.query = function (this: object, ...args: never[]) {
    const label = commitLabel(this, textOf(args[0]), transactions);
    if (label === undefined) return original.apply(this, args);
    reach(`commit ${label} before`);
    const result = original.apply(this, args);
    if (!(result instanceof Promise)) return result;
    return result.then((value: QueryResult) => {
      reach(`commit ${label} after`);
      return value;
    });
  };
}

function commitLabel(client: object, text: string, transactions: WeakMap<object, string>): string | undefined {
  if (text.startsWith('BEGIN')) {
    transactions.set(client, '');
    reach('transaction begins');
    return undefined;
  }
  const written = writtenTables(text);
  const open = transactions.get(client);
  if (open === undefined) return written;
  if (text === 'COMMIT' || text === 'ROLLBACK') transactions.delete(client);
  else if (open === '' && written !== undefined) transactions.set(client, written);
  return text === 'COMMIT' && open !== '' ? open : undefined;
}

/** What a statement writes: `INSERT orders, UPDATE accounts`; undefined for one that only reads. */
function writtenTables(text: string): string | undefined {
  const writes = [...text.matchAll(/\b(INSERT INTO|UPDATE|DELETE FROM)\s+((?:\w+\.)?[a-z_]+)/g)]
    .filter(([, , table]) => table !== 'set' && table !== 'of')
    .map(([, verb = '', table = '']) => `${verb.split(' ')[0]} ${table}`);
  return writes.length === 0 ? undefined : [...new Set(writes)].join(', ');
}

function textOf(config: unknown): string {
  if (typeof config === 'string') return config.trim();
  return typeof config === 'object' && config !== null && 'text' in config ? String(config.text).trim() : '';
}

function wrapCalls(prototype: ChannelType): void {
  const original = prototype.createCall;
  prototype.createCall = function (method, ...rest) {
    const call = original.call(this, method, ...rest);
    if (!method.startsWith('/outcry.')) return call;
    wrapCall(call, method);
    return call;
  };
}

function wrapCall(call: CallType, method: string): void {
  const send = call.sendMessageWithContext;
  call.sendMessageWithContext = (context, message) => {
    reach(`call ${method} before`);
    send.call(call, context, message);
  };
  const halfClose = call.halfClose;
  call.halfClose = () => {
    halfClose.call(call);
    // The bytes leave in a later turn of the event loop.
    setImmediate(() => setImmediate(() => reach(`call ${method} sent`)));
  };
  const start = call.start;
  call.start = (metadata, listener) => {
    const { onReceiveStatus } = listener;
    start.call(call, metadata, {
      ...listener,
      onReceiveStatus: (status) => {
        if (status.code === 0) reach(`call ${method} answered`);
        onReceiveStatus(status);
      },
    });
  };
}

/** A pattern that matches this label and no other. */
export function patternOf(label: string): string {
  return `^${label.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&')}$`;
}
