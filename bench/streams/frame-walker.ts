/** Walks over the frames of an HTTP/2 connection (RFC 9113, section 4.1) as its bytes come, and reads only their heads. */

const headBytes = 9;
const ackFlag = 0x1;
const types = { data: 0x0, reset: 0x3, settings: 0x4, ping: 0x6, goAway: 0x7 };
const pingBytes = 8;

/** What is of interest in a connection. */
export type FrameEvents = {
  /** Data of a stream begins. */
  onData(streamId: number): void;
  /** A stream was reset, or the server goes away. */
  onReset(): void;
  /** SETTINGS that must be acknowledged. */
  onSettings(): void;
  /** A whole PING that must be acknowledged. */
  onPing(frame: Buffer): void;
};

/** Takes chunks that may be cut anywhere. */
export function createFrameWalker(events: FrameEvents): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  let bodyLeft = 0;
  return (chunk) => {
    let at = Math.min(bodyLeft, chunk.length);
    bodyLeft -= at;
    if (bodyLeft > 0) return;
    const bytes = rest.length === 0 ? chunk.subarray(at) : Buffer.concat([rest, chunk.subarray(at)]);
    rest = Buffer.alloc(0);
    for (at = 0; at < bytes.length; ) {
      const length = bytes.length - at < headBytes ? 0 : bytes.readUIntBE(at, 3);
      const type = bytes[at + 3];
      const end = at + headBytes + length;
      // A head or a PING that has not all come.
      if (bytes.length - at < headBytes || (type === types.ping && bytes.length < at + headBytes + pingBytes)) {
        rest = Buffer.from(bytes.subarray(at));
        return;
      }
      report(events, bytes.subarray(at, Math.min(end, bytes.length)));
      bodyLeft = Math.max(0, end - bytes.length);
      at = end;
    }
  };
}

function report(events: FrameEvents, frame: Buffer): void {
  const [type, flags = 0] = frame.subarray(3, 5);
  const isAck = (flags & ackFlag) !== 0;
  if (type === types.data) events.onData(frame.readUInt32BE(5));
  else if (type === types.reset || type === types.goAway) events.onReset();
  else if (type === types.settings && !isAck) events.onSettings();
  else if (type === types.ping && !isAck) events.onPing(frame);
}
