import { createHash } from 'node:crypto';
import PostalMime from 'postal-mime';
import { boundMail, type ParsedMail } from '../domain/mail.ts';

const limits = { maxNestingDepth: 16, maxHeadersSize: 64 * 1024, maxRfc822NestingDepth: 0 };
const headerEnd = '\r\n\r\n';
const lineEnd = Buffer.from('\r\n');

/** Reads a mail from its bytes. `sender` is the envelope's, for mails without a From header. Throws when the bytes are not a mail. */
export async function parseMail(bytes: Buffer, sender: string): Promise<ParsedMail> {
  const bodyStart = findPlainBody(bytes);
  const parsed = await PostalMime.parse(bodyStart === undefined ? bytes : bytes.subarray(0, bodyStart), limits);
  const { from, subject = '', messageId = '' } = parsed;
  const text =
    bodyStart === undefined ? (parsed.text ?? '') : bytes.toString('utf8', bodyStart).replaceAll('\r\n', '\n');
  const digest = createHash('sha256').update(bytes).digest('hex');
  return boundMail({ from: from?.address || sender, subject, text, messageId }, digest);
}

/**
 * Where the body of a mail begins whose header says that it is text as it stands, in UTF-8: it needs no parser, which costs as much for each
 * line as for a whole header. Undefined for every other mail.
 */
function findPlainBody(bytes: Buffer): number | undefined {
  const end = bytes.indexOf(headerEnd);
  if (end < 0 || end > limits.maxHeadersSize || !bytes.subarray(-2).equals(lineEnd)) return undefined;
  const header = bytes.toString('latin1', 0, end + 2);
  const types = header.match(/^content-type[ \t]*:.*\r\n([ \t].*\r\n)*/gim) ?? [];
  const encodings = header.match(/^content-transfer-encoding[ \t]*:.*\r\n([ \t].*\r\n)*/gim) ?? [];
  const isPlain =
    !/[^\r]\n/.test(header) &&
    types.length === 1 &&
    encodings.length === 1 &&
    /^content-type: text\/plain; charset=utf-8\r\n$/i.test(types[0] ?? '') &&
    /^content-transfer-encoding: [78]bit\r\n$/i.test(encodings[0] ?? '');
  return isPlain ? end + headerEnd.length : undefined;
}
