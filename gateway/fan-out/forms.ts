/** How messages of a stream look on the wire: one form for each encoding that clients ask for, shared by all who ask for the same. */
import { gzipSync } from 'node:zlib';
import { frameHeadBytes } from '../edge/error-forms.ts';

/** JSON or protobuf, in base64 or not, compressed where that pays or not. */
export type Form = {
  readonly index: number;
  readonly isJson: boolean;
  readonly isText: boolean;
  readonly isZipped: boolean;
};

/** All forms; a message has at most one frame for each. */
export const forms: readonly Form[] = Array.from({ length: 8 }, (_, index) => ({
  index,
  isJson: (index & 1) !== 0,
  isText: (index & 2) !== 0,
  isZipped: (index & 4) !== 0,
}));

/** The form with these properties. */
export function formOf({ isJson, isText, isZipped }: Omit<Form, 'index'>): Form {
  return forms[(isJson ? 1 : 0) + (isText ? 2 : 0) + (isZipped ? 4 : 0)] as Form;
}

// The default of Connect.
const compressBytesMin = 1_024;
const compressedFlag = 0x01;

/** The frame of a message: its head and its content, which is compressed as Connect would. */
export function frameOfMessage(form: Form, content: Uint8Array): Buffer {
  const isZipped = form.isZipped && content.length >= compressBytesMin;
  return frameIn(form, isZipped ? compressedFlag : 0, isZipped ? gzipSync(content) : content);
}

/** A frame with a flag of the protocol, never compressed. */
export function frameIn({ isText }: Form, flag: number, content: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(frameHeadBytes + content.length);
  frame[0] = flag;
  frame.writeUInt32BE(content.length, 1);
  frame.set(content, frameHeadBytes);
  return isText ? Buffer.from(frame.toString('base64'), 'latin1') : frame;
}
