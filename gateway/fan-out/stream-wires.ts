/** The protocols of streams: how a request is read, and how an answer begins and ends, byte for byte as Connect does it. */
import type http from 'node:http';
import { type DescMethod, fromBinary, fromJsonString, type Message } from '@bufbuild/protobuf';
import { base64Decode } from '@bufbuild/protobuf/wire';
import type { Status } from '#gen/google/rpc/status_pb.ts';
import { frameHeadBytes } from '../edge/error-forms.ts';
import type { PlainHead } from '../lean/plain-request.ts';
import { jsonErrorOf, trailersOf } from '../lean/refusal-forms.ts';
import { type Form, frameIn } from './forms.ts';

/** A protocol of streams in one content type. */
export type StreamWire = PlainHead & {
  /** Content type of the answer. */
  readonly contentType: string;
  readonly isJson: boolean;
  readonly isText: boolean;
  /** The header that says how the frames of the answer are compressed. */
  readonly answerEncodingHeader: string;
  /** The request; undefined when the body is not plainly one. Throws when it is none. */
  read(method: DescMethod, body: Buffer): Message | undefined;
  /** Ends the answer, with OK or a refusal. */
  end(to: http.ServerResponse, form: Form, refusal: Status | undefined): void;
};

const jsonReadOptions = { ignoreUnknownFields: false };
const binaryReadOptions = { readUnknownFields: false };
const endStreamFlag = 0x02;
const trailerFlag = 0x80;

const connectHead = {
  isGrpc: false,
  isHttp2Only: false,
  isText: false,
  timeoutHeader: 'connect-timeout-ms',
  encodingHeader: 'connect-content-encoding',
  acceptHeader: 'connect-accept-encoding',
  answerEncodingHeader: 'connect-content-encoding',
  end(to: http.ServerResponse, form: Form, refusal: Status | undefined) {
    const content = refusal === undefined ? '{}' : `{"error":${jsonErrorOf(refusal)}}`;
    to.end(frameIn(form, endStreamFlag, Buffer.from(content)));
  },
};

const grpcHead = {
  isGrpc: true,
  isHttp2Only: false,
  isJson: false,
  isText: false,
  timeoutHeader: 'grpc-timeout',
  encodingHeader: 'grpc-encoding',
  acceptHeader: 'grpc-accept-encoding',
  answerEncodingHeader: 'grpc-encoding',
};

const connectProto: StreamWire = {
  ...connectHead,
  contentType: 'application/connect+proto',
  isJson: false,
  read: readFrame,
};

const connectJson: StreamWire = {
  ...connectHead,
  contentType: 'application/connect+json',
  isJson: true,
  read(method, body) {
    const content = contentOf(body);
    return content && fromJsonString(method.input, content.toString('utf8'), jsonReadOptions);
  },
};

const grpc: StreamWire = {
  ...grpcHead,
  contentType: 'application/grpc+proto',
  isHttp2Only: true,
  read: readFrame,
  end(to, _, refusal) {
    to.addTrailers(refusal === undefined ? { 'grpc-status': '0' } : trailersOf(refusal));
    to.end();
  },
};

const grpcWeb: StreamWire = {
  ...grpcHead,
  contentType: 'application/grpc-web+proto',
  read: readFrame,
  end(to, form, refusal) {
    const fields = refusal === undefined ? { 'grpc-status': '0' } : trailersOf(refusal);
    const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
    to.end(frameIn(form, trailerFlag, Buffer.from(lines.join(''))));
  },
};

const grpcWebText: StreamWire = {
  ...grpcWeb,
  contentType: 'application/grpc-web-text+proto',
  isText: true,
  read: (method, body) => readFrame(method, Buffer.from(base64Decode(body.toString('latin1')))),
};

/** The wires by content type. */
export const streamWires: ReadonlyMap<string, StreamWire> = new Map([
  ['application/connect+proto', connectProto],
  ['application/connect+json', connectJson],
  ['application/grpc', grpc],
  ['application/grpc+proto', grpc],
  ['application/grpc-web', grpcWeb],
  ['application/grpc-web+proto', grpcWeb],
  ['application/grpc-web-text', grpcWebText],
  ['application/grpc-web-text+proto', grpcWebText],
]);

function readFrame(method: DescMethod, body: Buffer): Message | undefined {
  const content = contentOf(body);
  return content && fromBinary(method.input, content, binaryReadOptions);
}

/** The content of one uncompressed frame and nothing else. */
function contentOf(body: Buffer): Buffer | undefined {
  const isOneFrame =
    body.length >= frameHeadBytes && body[0] === 0 && body.readUInt32BE(1) === body.length - frameHeadBytes;
  return isOneFrame ? body.subarray(frameHeadBytes) : undefined;
}
