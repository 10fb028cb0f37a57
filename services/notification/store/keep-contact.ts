import type { Sql } from '#platform/postgres/sql.ts';
import type { Contact } from '../domain/message.ts';
import { saveContact } from './contacts.ts';
import { forgetAccount } from './forget-account.ts';

/** Keeps a contact. What was meant for a house account before it was known as one is dropped: the house gets no mail. */
export async function keepContact(tx: Sql, contact: Contact): Promise<void> {
  await saveContact(tx, contact);
  if (contact.house) await forgetAccount(tx, contact.accountId);
}
