import type { OutgoingMail } from '../clients/mailer.ts';
import type { Contact, Delivery } from '../domain/message.ts';

/** The mail of a delivery. Everything in it follows from the fact and the person, so that a repeat is the same mail. */
export function composeMail(
  delivery: Delivery,
  contact: Contact,
  options: { publicUrl: string; mailFrom: string },
): OutgoingMail {
  const { factId, kind, subject, text, factTimeMs } = delivery;
  const domain = options.mailFrom.slice(options.mailFrom.lastIndexOf('@') + 1);
  const footer = options.publicUrl === '' ? '' : `\n\n${options.publicUrl}`;
  return {
    to: contact.email,
    subject,
    text: `Hello ${contact.displayName},\n\n${text}${footer}\n`,
    messageId: `<${factId}.${kind}@${domain}>`,
    timeMs: factTimeMs,
  };
}
