/** The protocols of plain calls: how a request is read and an answer written, byte for byte as Connect does it. */
import type http from 'node:http';
import { type DescMethod, fromBinary, fromJsonString, toBinary, toJsonString } from '@bufbuild/protobuf';
import type { Compression } from '@connectrpc/connect/protocol';
import type { Status } from '#gen/google/rpc/status_pb.ts';
import { frameHeadBytes } from '../edge/error-forms.ts';
import type { PlainHead } from './plain-request.ts';
import { httpStatusOf, jsonErrorOf, trailersOf } from './refusal-forms.ts';

/** Headers of an answer by name in lower case, in the order in which they are sent. */
export type AnswerHeaders = Record<string, string>;

/** How an answer leaves. */
export type AnswerOptions = {
  to: http.ServerResponse;
  /** Those that are not of the protocol. */
  headers: AnswerHeaders;
  compression: Compression | undefined;
};

/** A protocol in one content type. */
export type Wire = PlainHead & {
  /** The protobuf bytes of the request; undefined when the body is not plainly one. Throws when it is none. */
  read(method: DescMethod, body: Buffer): Uint8Array | undefined;
  /** Sends the response, of which it gets the protobuf bytes. */
  answer(options: AnswerOptions, method: DescMethod, response: Uint8Array): void | Promise<void>;
  /** Sends a refusal. */
  refuse(options: AnswerOptions, refusal: Status): void;
};

const jsonReadOptions = { ignoreUnknownFields: false };
const binaryReadOptions = { readUnknownFields: false };
// The default of Connect.
const compressBytesMin = 1_024;
const compressedFlag = 0x01;
const trailerFlag = 0x80;
const okTrailerFrame = frameOf(trailerFlag, Buffer.from('grpc-status: 0\r\n'));

const json: Wire = {
  ...connectHeaders(),
  read: (method, body) => toBinary(method.input, fromJsonString(method.input, body.toString('utf8'), jsonReadOptions)),
  answer: (options, method, response) =>
    answerConnect(options, 'application/json', toJsonString(method.output, fromBinary(method.output, response))),
  refuse: refuseConnect,
};

const proto: Wire = {
  ...connectHeaders(),
  read: readProto,
  answer: (options, _, response) => answerConnect(options, 'application/proto', response),
  refuse: refuseConnect,
};

const grpc: Wire = {
  ...grpcHeaders(),
  isHttp2Only: true,
  read: readFrame,
  answer: (options, _, response) => answerFramed(options, 'application/grpc+proto', response, endWithTrailers),
  refuse(options, refusal) {
    begin(options, 200, grpcHead(options, 'application/grpc+proto'));
    options.to.addTrailers(trailersOf(refusal));
    options.to.end();
  },
};

const grpcWeb: Wire = {
  ...grpcHeaders(),
  isHttp2Only: false,
  read: readFrame,
  answer: (options, _, response) => answerFramed(options, 'application/grpc-web+proto', response, endWithTrailerFrame),
  refuse(options, refusal) {
    const lines = Object.entries(trailersOf(refusal)).map(([name, value]) => `${name}: ${value}\r\n`);
    begin(options, 200, grpcHead(options, 'application/grpc-web+proto'));
    options.to.end(frameOf(trailerFlag, Buffer.from(lines.join(''))));
  },
};

/** The wires by content type. */
export const wires: ReadonlyMap<string, Wire> = new Map([
  ['application/json', json],
  ['application/proto', proto],
  ['application/grpc', grpc],
  ['application/grpc+proto', grpc],
  ['application/grpc-web', grpcWeb],
  ['application/grpc-web+proto', grpcWeb],
]);

function connectHeaders() {
  return {
    isGrpc: false,
    isHttp2Only: false,
    timeoutHeader: 'connect-timeout-ms',
    encodingHeader: 'content-encoding',
    acceptHeader: 'accept-encoding',
  };
}

function grpcHeaders() {
  return {
    isGrpc: true,
    timeoutHeader: 'grpc-timeout',
    encodingHeader: 'grpc-encoding',
    acceptHeader: 'grpc-accept-encoding',
  };
}

// The bytes are passed on as they are once they were read: that is the check.
function readProto(method: DescMethod, body: Uint8Array): Uint8Array {
  fromBinary(method.input, body, binaryReadOptions);
  return body;
}

/** One uncompressed frame and nothing else. */
function readFrame(method: DescMethod, body: Buffer): Uint8Array | undefined {
  const isOneFrame =
    body.length >= frameHeadBytes && body[0] === 0 && body.readUInt32BE(1) === body.length - frameHeadBytes;
  return isOneFrame ? readProto(method, body.subarray(frameHeadBytes)) : undefined;
}

function begin({ to, headers }: AnswerOptions, status: number, ofProtocol: AnswerHeaders): void {
  to.writeHead(status, { ...ofProtocol, ...headers });
}

function answerConnect(options: AnswerOptions, contentType: string, body: string | Uint8Array): void | Promise<void> {
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
  if (options.compression !== undefined && length >= compressBytesMin) {
    return answerCompressed(options, options.compression, contentType, Buffer.from(body as string));
  }
  begin(options, 200, { 'content-length': String(length), 'content-type': contentType });
  options.to.end(body);
}

async function answerCompressed(
  options: AnswerOptions,
  compression: Compression,
  contentType: string,
  body: Uint8Array,
): Promise<void> {
  const bytes = await compression.compress(body);
  begin(options, 200, {
    'content-encoding': compression.name,
    'content-length': String(bytes.length),
    'content-type': contentType,
  });
  options.to.end(bytes);
}

function refuseConnect(options: AnswerOptions, refusal: Status): void {
  const body = jsonErrorOf(refusal);
  const length = String(Buffer.byteLength(body));
  begin(options, httpStatusOf(refusal), { 'content-length': length, 'content-type': 'application/json' });
  options.to.end(body);
}

type EndAnswer = (to: http.ServerResponse, frame: Buffer) => void;

function answerFramed(
  options: AnswerOptions,
  contentType: string,
  response: Uint8Array,
  end: EndAnswer,
): void | Promise<void> {
  const { compression, to } = options;
  const finish = (flag: number, content: Uint8Array) => {
    begin(options, 200, grpcHead(options, contentType));
    end(to, frameOf(flag, content));
  };
  if (compression === undefined || response.length < compressBytesMin) return finish(0, response);
  return compression.compress(response).then((bytes) => finish(compressedFlag, bytes));
}

function grpcHead({ compression }: AnswerOptions, contentType: string): AnswerHeaders {
  const head: AnswerHeaders = { 'content-type': contentType };
  if (compression !== undefined) head['grpc-encoding'] = compression.name;
  return head;
}

function endWithTrailers(to: http.ServerResponse, frame: Buffer): void {
  to.write(frame);
  to.addTrailers({ 'grpc-status': '0' });
  to.end();
}

function endWithTrailerFrame(to: http.ServerResponse, frame: Buffer): void {
  to.end(Buffer.concat([frame, okTrailerFrame]));
}

function frameOf(flag: number, content: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(frameHeadBytes + content.length);
  frame[0] = flag;
  frame.writeUInt32BE(content.length, 1);
  frame.set(content, frameHeadBytes);
  return frame;
}
