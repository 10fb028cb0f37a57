import { AccountConditionsChangedSchema } from '#gen/outcry/user/v1/events_pb.ts';
import { UnprocessableEventError } from '#platform/bus/bus.ts';
import { type EventHandlers, on } from '#platform/bus/consume-events.ts';
import { fromConditions } from '../rpc/messages/trading-conditions-message.ts';
import { saveConditions } from '../store/trading-conditions.ts';

/** The queue that the replicas of this service share. */
export const conditionsQueue = 'order.conditions';

/** What this service does with other services' events. */
export const consumedEvents: EventHandlers = [
  on(AccountConditionsChangedSchema, async ({ account }, tx) => {
    if (account === undefined) throw new UnprocessableEventError('the event names no account');
    await saveConditions(tx, [fromConditions(account)]);
  }),
];
