/** Mails, and how much of each is stored. */

/** A mail as it was read from its bytes. */
export type ParsedMail = { from: string; subject: string; text: string; messageId: string };

/** A mail in one person's box. */
export type Mail = ParsedMail & { mailId: string; to: string; receiveTimeMs: number };

/** The most mails that an address is left with when older ones are deleted. */
export const mailsPerAddressMax = 1_000;

const bounds = { from: 320, subject: 998, text: 100_000, messageId: 255 };

/** The form in which addresses are compared: without spaces around it, in lower case. */
export function normaliseAddress(address: string): string {
  return storable(address).trim().toLowerCase();
}

/**
 * The mail within the bounds of its parts, in a form that a database can store. `digest` names the mail when it has no Message-ID, or one
 * that is too long to be compared.
 */
export function boundMail(mail: ParsedMail, digest: string): ParsedMail {
  const messageId = storable(mail.messageId.trim());
  return {
    from: cut(mail.from, bounds.from),
    subject: cut(mail.subject, bounds.subject),
    text: cut(mail.text, bounds.text),
    messageId: messageId === '' || messageId.length > bounds.messageId ? `<${digest}@no-message-id>` : messageId,
  };
}

function cut(text: string, lengthMax: number): string {
  const stored = storable(text);
  return stored.length > lengthMax ? `${stored.slice(0, lengthMax - 1)}…`.toWellFormed() : stored;
}

// PostgreSQL stores no NUL in a text, and half a surrogate pair is no character.
function storable(text: string): string {
  return text.replaceAll('\0', '').toWellFormed();
}
