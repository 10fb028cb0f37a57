/** The facts that this service hears of; each is told in the transaction that takes it from the inbox. */
import { AlertRaisedSchema, RunFinishedSchema } from '#gen/outcry/auto/v1/events_pb.ts';
import { DepositCompletedSchema, WithdrawalCompletedSchema } from '#gen/outcry/ledger/v1/events_pb.ts';
import { OrderEndedSchema, OrderFilledSchema, OrderOpenedSchema } from '#gen/outcry/order/v1/events_pb.ts';
import { LogInsFailedSchema, UserRegisteredSchema } from '#gen/outcry/user/v1/events_pb.ts';
import type { BusEvent } from '#platform/bus/bus.ts';
import { type EventHandlers, on } from '#platform/bus/consume-events.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import { keepContact } from '../contacts/keep-contact.ts';
import type { Fact } from '../domain/fact.ts';
import type { NotificationDeps } from '../notification-deps.ts';
import { alertFact, endedFact, failedLogInsFact, filledFact, openedFact, runFact } from './facts.ts';
import { tell } from './tell.ts';

/** The queue of all facts that people are told of. */
export const factQueue = 'notification.facts';

/** What is told of each kind of event; nothing of the house's. */
export function factHandlers(deps: NotificationDeps): EventHandlers {
  const tellOwner = async (tx: Sql, event: BusEvent, accountId: string | undefined, fact: Fact | undefined) => {
    if (accountId === undefined || fact === undefined) return;
    await tell(deps, tx, { factId: event.id, accountId, timeMs: event.timeMs, fact });
  };
  return [
    on(UserRegisteredSchema, async ({ userId, email, displayName, house }, tx, event) => {
      await keepContact(tx, { accountId: userId, email, displayName, house });
      await tellOwner(tx, event, userId, { type: 'registered', displayName });
    }),
    on(LogInsFailedSchema, async (message, tx, event) =>
      tellOwner(tx, event, message.userId, failedLogInsFact(message)),
    ),
    on(OrderOpenedSchema, async (message, tx, event) => {
      if (!message.house) await tellOwner(tx, event, message.order?.accountId, openedFact(message));
    }),
    on(OrderFilledSchema, async (message, tx, event) => {
      if (!message.house) await tellOwner(tx, event, message.order?.accountId, filledFact(message));
    }),
    on(OrderEndedSchema, async (message, tx, event) => {
      if (!message.house) await tellOwner(tx, event, message.order?.accountId, endedFact(message));
    }),
    on(DepositCompletedSchema, async ({ accountId, amount, currency, transferId }, tx, event) =>
      tellOwner(tx, event, accountId, { type: 'deposited', amount, currency, transferId }),
    ),
    on(WithdrawalCompletedSchema, async ({ accountId, amount, currency, transferId }, tx, event) =>
      tellOwner(tx, event, accountId, { type: 'withdrawn', amount, currency, transferId }),
    ),
    on(AlertRaisedSchema, async (message, tx, event) => tellOwner(tx, event, message.accountId, alertFact(message))),
    on(RunFinishedSchema, async (message, tx, event) => tellOwner(tx, event, message.accountId, runFact(message))),
  ];
}
