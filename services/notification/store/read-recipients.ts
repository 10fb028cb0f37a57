import type { Sql } from '#platform/postgres/sql.ts';
import type { FillEmails, MessageKind, Preference } from '../domain/kinds.ts';

/** What is known of a person who gets messages: preferences that are set, and whether the account is the house's. */
export type Recipient = { house: boolean; preferences: Preference[] };

type Row = {
  account_id: string;
  house: boolean | null;
  kind: MessageKind | null;
  email: boolean;
  in_app: boolean;
  fill_emails: FillEmails | null;
};

/** The recipients among the accounts who differ from the ordinary one: house accounts, and people who have set preferences. */
export async function readRecipients(sql: Sql, accountIds: readonly string[]): Promise<Map<string, Recipient>> {
  // The joined tables are named by the array too, so that no plan reads them whole.
  const { rows } = await sql.query<Row>(
    `SELECT asked.account_id, house, kind, preference.email, in_app, fill_emails
     FROM unnest($1::uuid[]) AS asked (account_id)
     LEFT JOIN contact ON contact.account_id = asked.account_id AND contact.account_id = ANY ($1)
     LEFT JOIN preference ON preference.account_id = asked.account_id AND preference.account_id = ANY ($1)
     WHERE house OR kind IS NOT NULL`,
    [accountIds],
  );
  const recipients = new Map<string, Recipient>();
  for (const { account_id, house, kind, email, in_app, fill_emails } of rows) {
    const recipient = recipients.get(account_id) ?? { house: house ?? false, preferences: [] };
    recipients.set(account_id, recipient);
    if (kind !== null) recipient.preferences.push({ kind, email, inApp: in_app, fillEmails: fill_emails ?? undefined });
  }
  return recipients;
}
