/** Sends transfers, and finds out the outcome of those without an answer. */
import { Code } from '@connectrpc/connect';
import type { Transfer } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { notDone } from '../../acting/not-done.ts';
import { alertNow, announce } from '../../frame/announce.ts';
import { profile } from '../../frame/roles.ts';
import { ledger } from '../../rpc/clients.ts';
import { type Failure, failureOf, failureText, isOutcomeUnknown } from '../../rpc/failure.ts';
import { ofPerson } from '../../rpc/session.ts';
import { readAccountSoon } from '../../store/account.ts';
import { newKey } from '../../trading/client-key.ts';
import { dropIntent, storedIntents, storeIntent, type TransferIntent } from './transfer-intents.ts';
import { type Direction, plainAmount } from './transfer-text.ts';

/** A transfer without an outcome: on its way, looked for, or not at the server. */
export type OpenIntent = TransferIntent & { state: 'sending' | 'looking' | 'absent' };

/** Transfers of this browser without an outcome. */
export const openIntents = ofPerson<readonly OpenIntent[]>([]);

const lookAgainMs = 2_000;
// A call is given up after 15 s; what the server does not have by then, it may still be about to store.
const absentAfterMs = 20_000;

/** Sends a new transfer. Answers why it was refused; undefined: it was taken, or is looked for. */
export async function sendTransfer(direction: Direction, amount: string): Promise<Failure | undefined> {
  const accountId = profile.peek()?.userId;
  if (accountId === undefined) return failureOf(notDone('your account is not read yet'));
  const intent = { key: newKey(), accountId, direction, amount: plainAmount(amount), createdMs: Date.now() };
  try {
    storeIntent(localStorage, intent);
  } catch (error) {
    return failureOf(error);
  }
  return send(intent);
}

/** Sends an intent again, under its key; not as another person. */
export async function send(intent: TransferIntent): Promise<Failure | undefined> {
  if (profile.peek()?.userId !== intent.accountId) return failureOf(notDone('it belongs to another account'));
  setState(intent, 'sending');
  const request = { idempotencyKey: intent.key, amount: intent.amount };
  try {
    const call = intent.direction === 'deposit' ? ledger.deposit(request) : ledger.withdraw(request);
    end(intent, (await call).transfer);
    return undefined;
  } catch (error) {
    const failure = failureOf(error);
    if (isOutcomeUnknown(failure)) {
      void look(intent);
      return undefined;
    }
    forget(intent);
    alertNow(`Refused: ${failureText(failure)}`);
    return failure;
  }
}

/** Looks for what earlier pages of this browser have left open. */
export function resumeIntents(accountId: string): void {
  openIntents.value = openIntents.peek().filter((intent) => intent.accountId === accountId);
  const known = new Set(openIntents.peek().map(({ key }) => key));
  for (const intent of storedIntents(localStorage, accountId)) if (!known.has(intent.key)) void look(intent);
}

/** Forgets an intent that never came to the server. */
export function forget({ key }: TransferIntent): void {
  dropIntent(localStorage, key);
  openIntents.value = openIntents.peek().filter((one) => one.key !== key);
}

async function look(intent: TransferIntent): Promise<void> {
  setState(intent, 'looking');
  while (profile.peek()?.userId === intent.accountId) {
    try {
      return end(intent, (await ledger.getTransfer({ idempotencyKey: intent.key })).transfer);
    } catch (error) {
      const isAbsent = failureOf(error).code === Code.NotFound;
      if (isAbsent && Date.now() - intent.createdMs > absentAfterMs) return setState(intent, 'absent');
    }
    await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
  }
}

function end(intent: TransferIntent, transfer: Transfer | undefined): void {
  forget(intent);
  readAccountSoon();
  if (transfer !== undefined) announce(`${intent.direction === 'deposit' ? 'Deposit' : 'Withdrawal'} taken.`);
}

function setState(intent: TransferIntent, state: OpenIntent['state']): void {
  const others = openIntents.peek().filter(({ key }) => key !== intent.key);
  openIntents.value = [...others, { ...intent, state }];
}
