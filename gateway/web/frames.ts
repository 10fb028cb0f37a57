/** The envelopes of a Connect stream: a byte of flags, four of length, the message as JSON. */

const headBytes = 5;
const endFlag = 0b10;
const messageBytesMax = 8 * 1024 * 1024;

/** A message as it came; the last one of a stream says how the stream ended. */
export type Frame = { isEnd: boolean; text: string };

/** Puts a message into its envelope. */
export function envelope(text: string): Uint8Array<ArrayBuffer> {
  const message = new TextEncoder().encode(text);
  const framed = new Uint8Array(headBytes + message.length);
  new DataView(framed.buffer).setUint32(1, message.length);
  framed.set(message, headBytes);
  return framed;
}

/** The messages of a body, however it was cut on its way. Throws when one is over 8 MiB. Leaving early cancels the body. */
export async function* framesIn(body: ReadableStream<Uint8Array>): AsyncGenerator<Frame> {
  const reader = body.getReader();
  let buffered = new Uint8Array(0);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      buffered = joined(buffered, value);
      for (let sizeBytes = firstSize(buffered); sizeBytes !== undefined; sizeBytes = firstSize(buffered)) {
        const text = new TextDecoder().decode(buffered.subarray(headBytes, sizeBytes));
        const isEnd = ((buffered[0] ?? 0) & endFlag) !== 0;
        buffered = buffered.subarray(sizeBytes);
        yield { isEnd, text };
      }
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

// The size of the first message with its head, once all of it is there.
function firstSize(bytes: Uint8Array): number | undefined {
  if (bytes.length < headBytes) return undefined;
  const messageBytes = new DataView(bytes.buffer, bytes.byteOffset).getUint32(1);
  if (messageBytes > messageBytesMax) throw new Error('a message of the stream is too large');
  return bytes.length < headBytes + messageBytes ? undefined : headBytes + messageBytes;
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
