import { AccountConditionsChangedSchema } from '#gen/outcry/user/v1/events_pb.ts';
import { type EventHandlers, on } from '#platform/bus/consume-events.ts';
import { toAccount } from '../rpc/messages/account.ts';
import { saveAccounts } from '../store/accounts.ts';

/** The queue of the ledger's own copies of accounts. */
export const accountQueue = 'ledger.accounts';

/** Keeps the copies of accounts up to date; an older version than the copy changes nothing. */
export const accountHandlers: EventHandlers = [
  on(AccountConditionsChangedSchema, async ({ account }, tx) => {
    if (account) await saveAccounts(tx, [toAccount(account)]);
  }),
];
