/** What the clients of a run have asked for and what they were answered: the truth that the system is held against. */

/** A kind of call. */
export type OperationKind =
  | 'place'
  | 'place-batch'
  | 'place-list'
  | 'close'
  | 'replace'
  | 'cancel'
  | 'cancel-batch'
  | 'cancel-all'
  | 'keep-alive'
  | 'deposit'
  | 'withdraw';

/** The state of an order as an answer showed it; texts as in the contract. What is not set there is absent. */
export type SeenOrder = {
  orderId: string;
  status: string;
  filledQuantity: string;
  symbol?: string;
  side?: string;
  type?: string;
  timeInForce?: string;
  revision?: number;
  listId?: string;
  listType?: string;
  listIndex?: number;
};

/** The outcome of one order of a call that names many. */
export type ItemAnswer = { kind: 'done'; order: SeenOrder } | Refused;

/** A definite answer: the same call would be answered so again. */
export type Answer =
  | {
      kind: 'done';
      order: SeenOrder | undefined;
      transfer: SeenTransfer | undefined;
      /** Of a call that names many orders: the outcome of each, in their sequence. */
      items?: readonly ItemAnswer[];
      /** Of a cancel of all: orders of which the cancel was requested. */
      requestedCount?: number;
    }
  | Refused;

/** A refusal that is the outcome of its call. */
export type Refused = { kind: 'refused'; code: string; reason: string };

/** A transfer as an answer showed it. */
export type SeenTransfer = { transferId: string; status: string };

/** One call under one key, however often it was sent. */
export type Operation = {
  number: number;
  kind: OperationKind;
  /** Number of the user. */
  user: number;
  /** The key that the client made before it was sent first; empty for a call that is keyed by the order it names. */
  key: string;
  /** The client_order_id of each order that the call asks for. */
  orderKeys: readonly string[];
  rpc: string;
  body: Record<string, unknown>;
  /** How often it was sent. */
  attempts: number;
  /** When it was sent first, and when its outcome was first known, in ms of the monotonic clock; 0: not yet. */
  sentMs: number;
  knownMs: number;
  /** How often the outcome of a sending stayed unknown, by the code or the error of the connection. */
  lost: string[];
  /** Every definite answer; empty while the outcome is unknown. */
  answers: Answer[];
};

type OperationInit = Pick<Operation, 'number' | 'kind' | 'user' | 'key' | 'rpc' | 'body'> & {
  /** Default: of an order by itself its key. */
  orderKeys?: readonly string[];
};

/** A new operation that was not sent yet. */
export function createOperation(init: OperationInit): Operation {
  const { kind, key } = init;
  const orderKeys = init.orderKeys ?? (kind === 'place' || kind === 'close' ? [key] : []);
  return { ...init, orderKeys, attempts: 0, sentMs: 0, knownMs: 0, lost: [], answers: [] };
}

/** Whether its outcome is known. */
export function isSettled({ answers }: Operation): boolean {
  return answers.length > 0;
}

/** Writes down a definite answer. */
export function noteAnswer(operation: Operation, answer: Answer): void {
  if (operation.answers.length === 0) operation.knownMs = performance.now();
  operation.answers.push(answer);
}

/** Every order that the answers of an operation have shown. */
export function seenOrders({ answers }: Pick<Operation, 'answers'>): SeenOrder[] {
  return answers.flatMap((answer) => {
    if (answer.kind === 'refused') return [];
    const ofItems = (answer.items ?? []).flatMap((item) => (item.kind === 'done' ? [item.order] : []));
    return answer.order === undefined ? ofItems : [answer.order, ...ofItems];
  });
}

/** Shares of a decimal quantity in millionths. */
export function microsOf(decimal: string): bigint {
  const [whole = '0', fraction = ''] = (decimal || '0').split('.');
  return BigInt(whole) * 1_000_000n + BigInt(fraction.padEnd(6, '0').slice(0, 6));
}

/** Cents of a decimal amount. */
export function centsOf(decimal: string): bigint {
  return microsOf(decimal) / 10_000n;
}
