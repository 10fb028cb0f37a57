/** The contract's words for kinds of message, and ours. */
import { MessageKind as ContractKind } from '#gen/outcry/notification/v1/notification_pb.ts';
import type { MessageKind } from '../../domain/kinds.ts';

/** The contract's kind of ours. */
export const toKind = {
  welcome: ContractKind.WELCOME,
  order: ContractKind.ORDER,
  fill: ContractKind.FILL,
  transfer: ContractKind.TRANSFER,
  alert: ContractKind.ALERT,
  automation: ContractKind.AUTOMATION,
  security: ContractKind.SECURITY,
} satisfies Record<MessageKind, ContractKind>;

const kinds = new Map<number, MessageKind>(
  Object.entries(toKind).map(([kind, number]) => [number, kind as MessageKind]),
);

/** Our kind of the contract's; undefined for a number that is none. */
export function fromKind(kind: ContractKind): MessageKind | undefined {
  return kinds.get(kind);
}
