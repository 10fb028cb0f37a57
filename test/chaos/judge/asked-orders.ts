/** Every order that clients have asked for, by itself, in a batch or in a list, with the answers that concern it. */
import type { Answer, ItemAnswer, Operation } from '../traffic/operations.ts';

/** One order of a call. */
export type AskedOrder = {
  /** In words, for findings. */
  subject: string;
  user: number;
  /** Its client_order_id. */
  key: string;
  answers: readonly ItemAnswer[];
};

/** All of them. */
export function askedOrders(operations: readonly Operation[]): AskedOrder[] {
  return operations.flatMap(({ number, user, orderKeys, answers }) =>
    orderKeys.map((key, index) => ({
      subject: `call ${number}, key ${key}`,
      user,
      key,
      answers: answers.flatMap((answer) => outcomeOf(answer, index) ?? []),
    })),
  );
}

/** What an answer says of the order at a place of its call: a refusal of the call is one of each. */
function outcomeOf(answer: Answer, index: number): ItemAnswer | undefined {
  if (answer.kind === 'refused') return answer;
  if (answer.items !== undefined) return answer.items[index];
  return answer.order === undefined ? undefined : { kind: 'done', order: answer.order };
}
