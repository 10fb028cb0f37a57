/** Deposits and withdrawals in words, and what a form of one is refused for before it is sent. */
import { type Transfer, TransferKind, TransferStage } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { isAmbiguous, microsText, parseMicros } from '../../figures/decimal.ts';
import { exactAmount, figureText } from '../../figures/figure-text.ts';

/** Which way money goes. */
export type Direction = 'deposit' | 'withdraw';

const stages: Partial<Record<TransferStage, string>> = {
  [TransferStage.CREATED]: 'Stored; the payment provider is asked next',
  [TransferStage.REQUESTED]: 'The provider was asked, no answer yet',
  [TransferStage.ACCEPTED]: 'The provider works on it',
  [TransferStage.COMPLETED]: 'Done and booked',
  [TransferStage.FAILED]: 'The provider could not do it; nothing was booked',
  [TransferStage.REFUSED]: 'The provider refused it; nothing was booked',
};
const pending: readonly TransferStage[] = [TransferStage.CREATED, TransferStage.REQUESTED, TransferStage.ACCEPTED];

/** How far a transfer is, as a sentence without a full stop. */
export function stageText(stage: TransferStage): string {
  return stages[stage] ?? 'Its state is not known here';
}

/** Whether a transfer has no outcome yet. */
export function isPending({ stage }: Pick<Transfer, 'stage'>): boolean {
  return pending.includes(stage);
}

/** `Deposit` or `Withdrawal`. */
export function kindText(kind: TransferKind): string {
  return kind === TransferKind.WITHDRAWAL ? 'Withdrawal' : 'Deposit';
}

/** What stands in the way of a transfer; `fix` is an amount that would pass. Undefined: nothing that is known here. */
export type TransferProblem = { text: string; fix: string | undefined };

/** What is wrong with a typed amount. An empty one is not wrong yet. */
export function transferProblem(
  direction: Direction,
  text: string,
  cash: { available: string; held: string } | undefined,
): TransferProblem | undefined {
  if (text.trim() === '') return undefined;
  if (isAmbiguous(text)) return { text: `${text.trim()} can be read in two ways.`, fix: text.trim().replace(',', '') };
  const amount = parseMicros(text);
  if (amount === undefined || amount <= 0n) return { text: 'An amount above 0, such as 250.00.', fix: undefined };
  if (amount % 10_000n !== 0n) return { text: 'Two places at most.', fix: microsText(amount - (amount % 10_000n), 2) };
  const available = parseMicros(cash?.available);
  if (direction === 'deposit' || available === undefined || amount <= available) return undefined;
  const held = parseMicros(cash?.held) ?? 0n;
  const holds = held > 0n ? `; ${figureText(cash?.held, exactAmount)} is held by orders` : '';
  return {
    text: `You have ${figureText(cash?.available, exactAmount)} free${holds}.`,
    fix: available >= 10_000n ? microsText(available - (available % 10_000n), 2) : undefined,
  };
}

/** A typed amount as the API takes it: `180,5` is `180.50`. */
export function plainAmount(text: string): string {
  return microsText(parseMicros(text) ?? 0n, 2);
}
