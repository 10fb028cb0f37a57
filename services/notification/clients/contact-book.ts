/** The addresses of people. */
import type { UserInternalService } from '#gen/outcry/user/v1/internal_pb.ts';
import type { Database } from '#platform/postgres/sql.ts';
import type { RpcClient } from '#platform/rpc/client.ts';
import type { Contact } from '../domain/message.ts';
import { deleteMessagesOf } from '../store/delete-messages-of.ts';
import { upsertContacts } from '../store/upsert-contacts.ts';

/** Looks up contacts of which there is no copy. */
export type ContactBook = {
  /**
   * The person's contact from the user service, which is then stored; undefined when the user service does not know the person. Throws
   * OutcryError when the user service does not answer.
   */
  lookUp(accountId: string): Promise<Contact | undefined>;
};

const lookUpTimeoutMs = 3_000;

/** A contact book over the copies in `db`. */
export function createContactBook(
  db: Database,
  users: Pick<RpcClient<typeof UserInternalService>, 'batchGetContacts'>,
): ContactBook {
  return {
    async lookUp(accountId) {
      const { contacts } = await users.batchGetContacts({ userIds: [accountId] }, { timeoutMs: lookUpTimeoutMs });
      const found = contacts.find(({ userId }) => userId === accountId);
      if (found === undefined) return undefined;
      const { email, displayName, house } = found;
      const contact = { accountId, email, displayName, house };
      await upsertContacts(db, [contact]);
      if (house) await deleteMessagesOf(db, [accountId]);
      return contact;
    },
  };
}
