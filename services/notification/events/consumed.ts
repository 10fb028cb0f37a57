/** The events that notification consumes, read as facts about accounts. */
import { type DescMessage, fromBinary, type MessageShape } from '@bufbuild/protobuf';
import { AlertRaisedSchema, RunFinishedSchema } from '#gen/outcry/auto/v1/events_pb.ts';
import {
  AdjustmentCompletedSchema,
  DepositCompletedSchema,
  WithdrawalCompletedSchema,
} from '#gen/outcry/ledger/v1/events_pb.ts';
import { OrderEndedSchema, OrderFilledSchema, OrderOpenedSchema } from '#gen/outcry/order/v1/events_pb.ts';
import { ApiKeyCreatedSchema, LogInsFailedSchema, UserRegisteredSchema } from '#gen/outcry/user/v1/events_pb.ts';
import { type BusEvent, UnprocessableEventError } from '#platform/bus/bus.ts';
import type { Fact } from '../domain/fact.ts';
import type { Contact } from '../domain/message.ts';
import { alertFact, apiKeyFact, endedFact, failedLogInsFact, filledFact, openedFact, runFact } from './facts.ts';

/** What an event says: a fact of which its account is notified, and the account's contact if the event has it. */
export type ReadEvent = { accountId: string; fact: Fact; contact?: Contact };

type Reader = (payload: Uint8Array) => ReadEvent | undefined;

const readers = new Map<string, Reader>([
  read(UserRegisteredSchema, ({ userId, email, displayName, house }) => ({
    accountId: userId,
    fact: { type: 'registered', displayName },
    contact: { accountId: userId, email, displayName, house },
  })),
  read(LogInsFailedSchema, (message) => about(message.userId, failedLogInsFact(message))),
  read(ApiKeyCreatedSchema, (message) => about(message.userId, apiKeyFact(message))),
  read(OrderOpenedSchema, (message) => ofOrder(message, openedFact(message))),
  read(OrderFilledSchema, (message) => ofOrder(message, filledFact(message))),
  read(OrderEndedSchema, (message) => ofOrder(message, endedFact(message))),
  read(DepositCompletedSchema, ({ accountId, amount, currency, transferId }) =>
    about(accountId, { type: 'deposited', amount, currency, transferId }),
  ),
  read(WithdrawalCompletedSchema, ({ accountId, amount, currency, transferId }) =>
    about(accountId, { type: 'withdrawn', amount, currency, transferId }),
  ),
  read(AdjustmentCompletedSchema, ({ accountId, asset, amount, reason, adjustmentId }) =>
    about(accountId, { type: 'adjusted', asset, amount, reason, adjustmentId }),
  ),
  read(AlertRaisedSchema, (message) => about(message.accountId, alertFact(message))),
  read(RunFinishedSchema, (message) => about(message.accountId, runFact(message))),
]);

/** The types of all events that are read. */
export const factTypes = [...readers.keys()];

/** Reads an event; undefined when it leads to no message, as all of the house. Throws UnprocessableEventError when it cannot be read. */
export function readEvent({ type, payload }: BusEvent): ReadEvent | undefined {
  const reader = readers.get(type);
  if (reader === undefined) throw new UnprocessableEventError(`no reader for ${type}`);
  return reader(payload);
}

function read<D extends DescMessage>(
  schema: D,
  factOf: (message: MessageShape<D>) => ReadEvent | undefined,
): [string, Reader] {
  return [schema.typeName, (payload) => factOf(decode(schema, payload))];
}

function decode<D extends DescMessage>(schema: D, payload: Uint8Array): MessageShape<D> {
  try {
    return fromBinary(schema, payload);
  } catch (cause) {
    throw new UnprocessableEventError(`the payload is no ${schema.typeName}`, { cause });
  }
}

function about(accountId: string, fact: Fact | undefined): ReadEvent | undefined {
  return fact && { accountId, fact };
}

function ofOrder(
  { house, order }: { house: boolean; order?: { accountId: string } },
  fact: Fact | undefined,
): ReadEvent | undefined {
  return house || order === undefined ? undefined : about(order.accountId, fact);
}
