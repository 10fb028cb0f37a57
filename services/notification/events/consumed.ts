/** The events that notification consumes; the messages of each are written in the transaction of its inbox entry. */
import { AlertRaisedSchema, RunFinishedSchema } from '#gen/outcry/auto/v1/events_pb.ts';
import { DepositCompletedSchema, WithdrawalCompletedSchema } from '#gen/outcry/ledger/v1/events_pb.ts';
import { OrderEndedSchema, OrderFilledSchema, OrderOpenedSchema } from '#gen/outcry/order/v1/events_pb.ts';
import { LogInsFailedSchema, UserRegisteredSchema } from '#gen/outcry/user/v1/events_pb.ts';
import type { BusEvent } from '#platform/bus/bus.ts';
import { type EventHandlers, on } from '#platform/bus/consume-events.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import type { NotificationDeps } from '../deps.ts';
import type { Fact } from '../domain/fact.ts';
import { upsertContact } from '../store/upsert-contact.ts';
import { alertFact, endedFact, failedLogInsFact, filledFact, openedFact, runFact } from './facts.ts';
import { notify } from './notify.ts';

/** The queue of all events that people are notified of. */
export const factQueue = 'notification.facts';

/** The handler of each type of event. Events of the house have no messages. */
export function factHandlers(deps: NotificationDeps): EventHandlers {
  const notifyOwner = async (tx: Sql, event: BusEvent, accountId: string | undefined, fact: Fact | undefined) => {
    if (accountId === undefined || fact === undefined) return;
    await notify(deps, tx, { factId: event.id, accountId, timeMs: event.timeMs, fact });
  };
  return [
    on(UserRegisteredSchema, async ({ userId, email, displayName, house }, tx, event) => {
      await upsertContact(tx, { accountId: userId, email, displayName, house });
      await notifyOwner(tx, event, userId, { type: 'registered', displayName });
    }),
    on(LogInsFailedSchema, async (message, tx, event) =>
      notifyOwner(tx, event, message.userId, failedLogInsFact(message)),
    ),
    on(OrderOpenedSchema, async (message, tx, event) => {
      if (!message.house) await notifyOwner(tx, event, message.order?.accountId, openedFact(message));
    }),
    on(OrderFilledSchema, async (message, tx, event) => {
      if (!message.house) await notifyOwner(tx, event, message.order?.accountId, filledFact(message));
    }),
    on(OrderEndedSchema, async (message, tx, event) => {
      if (!message.house) await notifyOwner(tx, event, message.order?.accountId, endedFact(message));
    }),
    on(DepositCompletedSchema, async ({ accountId, amount, currency, transferId }, tx, event) =>
      notifyOwner(tx, event, accountId, { type: 'deposited', amount, currency, transferId }),
    ),
    on(WithdrawalCompletedSchema, async ({ accountId, amount, currency, transferId }, tx, event) =>
      notifyOwner(tx, event, accountId, { type: 'withdrawn', amount, currency, transferId }),
    ),
    on(AlertRaisedSchema, async (message, tx, event) => notifyOwner(tx, event, message.accountId, alertFact(message))),
    on(RunFinishedSchema, async (message, tx, event) => notifyOwner(tx, event, message.accountId, runFact(message))),
  ];
}
