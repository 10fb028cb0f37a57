/** The addresses of people. */
import type { UserInternalService } from '#gen/outcry/user/v1/internal_pb.ts';
import type { Database } from '#platform/postgres/sql.ts';
import type { RpcClient } from '#platform/rpc/client.ts';
import type { Contact } from '../domain/message.ts';
import { findContact } from '../store/find-contact.ts';
import { upsertContact } from '../store/upsert-contact.ts';

/** Looks contacts up. */
export type ContactBook = {
  /**
   * The person's contact from the stored copy, else from the user service, whose answer is then stored; undefined when the user service
   * does not know the person. Throws OutcryError when the user service does not answer.
   */
  find(accountId: string): Promise<Contact | undefined>;
};

const lookUpTimeoutMs = 3_000;

/** A contact book over the copies in `db`. */
export function createContactBook(
  db: Database,
  users: Pick<RpcClient<typeof UserInternalService>, 'batchGetContacts'>,
): ContactBook {
  return {
    async find(accountId) {
      const known = await findContact(db, accountId);
      if (known !== undefined) return known;
      const { contacts } = await users.batchGetContacts({ userIds: [accountId] }, { timeoutMs: lookUpTimeoutMs });
      const found = contacts.find(({ userId }) => userId === accountId);
      if (found === undefined) return undefined;
      const { email, displayName, house } = found;
      const contact = { accountId, email, displayName, house };
      await upsertContact(db, contact);
      return contact;
    },
  };
}
