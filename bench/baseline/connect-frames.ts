/** The envelope of Connect's streams: a byte of flags, four bytes of length, the message. */
const headBytes = 5;
const endFlag = 0b10;

/** A message in its envelope. */
export function frame(message: Uint8Array): Buffer {
  const framed = Buffer.alloc(headBytes + message.length);
  framed.writeUInt32BE(message.length, 1);
  framed.set(message, headBytes);
  return framed;
}

/** Counts messages in the bytes of one stream, however they are cut, and decodes none. */
export function createFrameCounter(): { count(chunk: Uint8Array): { messages: number; isEnd: boolean } } {
  // Of the current message: bytes of its head that were read, and bytes of its body that are to come.
  let headRead = 0;
  let flags = 0;
  let bodyLeft = 0;
  return {
    count(chunk) {
      let messages = 0;
      let isEnd = false;
      for (let position = 0; position < chunk.length; ) {
        if (headRead < headBytes) {
          const byte = chunk[position++] as number;
          if (headRead === 0) flags = byte;
          else bodyLeft = bodyLeft * 256 + byte;
          headRead += 1;
        } else {
          const step = Math.min(bodyLeft, chunk.length - position);
          bodyLeft -= step;
          position += step;
        }
        if (headRead < headBytes || bodyLeft > 0) continue;
        if ((flags & endFlag) === 0) messages += 1;
        else isEnd = true;
        headRead = 0;
      }
      return { messages, isEnd };
    },
  };
}
