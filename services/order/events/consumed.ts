import { AccountConditionsChangedSchema } from '#gen/outcry/user/v1/events_pb.ts';
import { UnprocessableEventError } from '#platform/bus/bus.ts';
import { type EventHandlers, on } from '#platform/bus/consume-events.ts';
import { fromTradingConditions } from '../rpc/messages/trading-conditions-message.ts';
import { saveTradingConditions } from '../store/save-trading-conditions.ts';

/** The queue that the replicas of this service share. */
export const conditionsQueue = 'order.conditions';

/** The handlers of other services' events. */
export const consumedEvents: EventHandlers = [
  on(AccountConditionsChangedSchema, async ({ account }, tx) => {
    if (account === undefined) throw new UnprocessableEventError('the event names no account');
    await saveTradingConditions(tx, [fromTradingConditions(account)]);
  }),
];
