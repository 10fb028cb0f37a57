import { createHash } from 'node:crypto';
import PostalMime from 'postal-mime';
import { boundMail, type ParsedMail } from '../domain/mail.ts';

const limits = { maxNestingDepth: 16, maxHeadersSize: 64 * 1024, maxRfc822NestingDepth: 0 };

/** Reads a mail from its bytes. `sender` is the envelope's, for mails without a From header. Throws when the bytes are not a mail. */
export async function parseMail(bytes: Buffer, sender: string): Promise<ParsedMail> {
  const { from, subject = '', text = '', messageId = '' } = await PostalMime.parse(bytes, limits);
  const digest = createHash('sha256').update(bytes).digest('hex');
  return boundMail({ from: from?.address || sender, subject, text, messageId }, digest);
}
