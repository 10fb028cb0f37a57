/** An answer to one request. */
export type HttpAnswer = { status: number; body: Buffer };

/**
 * The first answer in the bytes that a connection has received, and how many of them it takes; undefined while it is not all
 * there. Knows what the gateway sends to a keep-alive client: a content-length or chunks, no trailers.
 *
 * @throws Error for bytes that are no such answer
 */
export function readHttpAnswer(received: Buffer): { answer: HttpAnswer; bytes: number } | undefined {
  const headEnd = received.indexOf('\r\n\r\n');
  if (headEnd < 0) return undefined;
  const head = received.toString('latin1', 0, headEnd);
  const status = Number(head.slice(9, 12));
  if (!head.startsWith('HTTP/1.1 ') || !(status >= 200)) throw new Error('the answer is not HTTP/1.1');
  const bodyStart = headEnd + 4;
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined) {
    const end = bodyStart + Number(length);
    return end > received.length
      ? undefined
      : { answer: { status, body: received.subarray(bodyStart, end) }, bytes: end };
  }
  if (!/\r\ntransfer-encoding: *chunked/i.test(head)) throw new Error('the answer has no length');
  const chunks = readChunks(received, bodyStart);
  return chunks && { answer: { status, body: chunks.body }, bytes: chunks.end };
}

function readChunks(received: Buffer, start: number): { body: Buffer; end: number } | undefined {
  const parts: Buffer[] = [];
  for (let position = start; ; ) {
    const lineEnd = received.indexOf('\r\n', position);
    if (lineEnd < 0) return undefined;
    const length = Number.parseInt(received.toString('latin1', position, lineEnd), 16);
    if (!(length >= 0)) throw new Error('the answer has a chunk without a length');
    const end = lineEnd + 2 + length + 2;
    if (end > received.length) return undefined;
    if (length === 0) return { body: parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts), end };
    parts.push(received.subarray(lineEnd + 2, end - 2));
    position = end;
  }
}
