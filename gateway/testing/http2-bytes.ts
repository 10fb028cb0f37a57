/** HTTP/2 frames as bytes (RFC 9113), for tests that send what no client library sends. */

const frameTypes = { data: 0x0, headers: 0x1, reset: 0x3, settings: 0x4, ping: 0x6, window: 0x8 };
const endStreamFlag = 0x1;
const ackFlag = 0x1;
const endHeadersFlag = 0x4;

/** What opens a connection: the preface and empty SETTINGS. */
export const http2Preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
/** Empty SETTINGS, which must follow the preface. */
export const settingsFrame = frame(frameTypes.settings, 0, 0, Buffer.alloc(0));

/** The acknowledgement of the other side's SETTINGS. */
export const settingsAck = frame(frameTypes.settings, ackFlag, 0, Buffer.alloc(0));

/** SETTINGS and a WINDOW_UPDATE with the largest windows there are: 2 GiB for the connection and for each stream. */
export const openWindows = [
  frame(frameTypes.settings, 0, 0, Buffer.from([0, 4, 0x7f, 0xff, 0xff, 0xff])),
  frame(frameTypes.window, 0, 0, Buffer.from([0x7f, 0xff, 0, 0])),
];

/** A HEADERS frame that is complete. `isLast`: no body follows. */
export function headersFrame(streamId: number, headers: Record<string, string>, isLast = false): Buffer {
  const fields = Object.entries(headers).map(([name, value]) =>
    Buffer.concat([[0], text(name), text(value)].map(Buffer.from)),
  );
  return frame(frameTypes.headers, endHeadersFlag | (isLast ? endStreamFlag : 0), streamId, Buffer.concat(fields));
}

/** A DATA frame; `isLast` ends the body. */
export function dataFrame(streamId: number, data: Uint8Array, isLast = true): Buffer {
  return frame(frameTypes.data, isLast ? endStreamFlag : 0, streamId, data);
}

/** RST_STREAM with CANCEL. */
export function resetFrame(streamId: number): Buffer {
  return frame(frameTypes.reset, 0, streamId, Buffer.from([0, 0, 0, 8]));
}

/** The acknowledgement of each PING among the received bytes, which must begin at a frame. */
export function pingAcks(received: Buffer): Buffer[] {
  return framesOf(received)
    .filter(({ type, flags }) => type === frameTypes.ping && (flags & ackFlag) === 0)
    .map(({ payload }) => frame(frameTypes.ping, ackFlag, 0, payload));
}

/** The whole frames among the bytes. */
export function framesOf(bytes: Buffer): { type: number; flags: number; streamId: number; payload: Buffer }[] {
  const frames = [];
  for (let start = 0; start + 9 <= bytes.length; ) {
    const end = start + 9 + bytes.readUIntBE(start, 3);
    const [type = 0, flags = 0] = bytes.subarray(start + 3, start + 5);
    frames.push({ type, flags, streamId: bytes.readUInt32BE(start + 5), payload: bytes.subarray(start + 9, end) });
    start = end;
  }
  return frames;
}

function frame(type: number, flags: number, streamId: number, payload: Uint8Array): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(streamId, 5);
  return Buffer.concat([head, payload]);
}

// A literal of HPACK that is not indexed (RFC 7541, section 6.2.2); texts of up to 126 bytes need one byte of length.
function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  if (bytes.length < 127) return Buffer.concat([Buffer.from([bytes.length]), bytes]);
  const rest = bytes.length - 127;
  return Buffer.concat([Buffer.from([127, (rest & 127) | 128, rest >> 7]), bytes]);
}
