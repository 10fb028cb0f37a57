/** What the clients of a run have asked for and what they were answered: the truth that the system is held against. */

/** A kind of call. */
export type OperationKind = 'place' | 'cancel' | 'cancel-all' | 'deposit' | 'withdraw';

/** The state of an order as an answer showed it. */
export type SeenOrder = { orderId: string; status: string; filledQuantity: string };

/** A definite answer: the same call would be answered so again. */
export type Answer =
  | { kind: 'done'; order: SeenOrder | undefined; transfer: SeenTransfer | undefined }
  | { kind: 'refused'; code: string; reason: string };

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
  rpc: string;
  body: Record<string, unknown>;
  /** How often it was sent. */
  attempts: number;
  /** How often the outcome of a sending stayed unknown, by the code or the error of the connection. */
  lost: string[];
  /** Every definite answer; empty while the outcome is unknown. */
  answers: Answer[];
};

/** A new operation that was not sent yet. */
export function createOperation(init: Pick<Operation, 'number' | 'kind' | 'user' | 'key' | 'rpc' | 'body'>): Operation {
  return { ...init, attempts: 0, lost: [], answers: [] };
}

/** Whether its outcome is known. */
export function isSettled({ answers }: Operation): boolean {
  return answers.length > 0;
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
