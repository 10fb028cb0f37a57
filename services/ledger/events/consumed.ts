/** The events that the ledger consumes from the bus. */
import { AccountConditionsChangedSchema } from '#gen/outcry/user/v1/events_pb.ts';
import { type EventHandlers, on } from '#platform/bus/consume-events.ts';
import { toAccount } from '../rpc/messages/account.ts';
import { saveAccounts } from '../store/save-accounts.ts';

/** The queue that updates the ledger's copies of accounts. */
export const accountQueue = 'ledger.accounts';

/** Updates the copies of accounts; an event that is older than the copy changes nothing. */
export const accountHandlers: EventHandlers = [
  on(AccountConditionsChangedSchema, async ({ account }, tx) => {
    if (account) await saveAccounts(tx, [toAccount(account)]);
  }),
];
