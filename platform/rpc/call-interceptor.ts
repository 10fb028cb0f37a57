/**
 * Runs the handlers over grpc-js. An interceptor takes each call before the library's own handler layer: messages arrive as
 * raw bytes, are decoded here, and no headers are sent before the first message, so that every error leaves as trailers-only.
 */
import type { DescMessage, Message } from '@bufbuild/protobuf';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import type { Metadata, ServerInterceptingCallInterface, ServerInterceptor } from '@grpc/grpc-js';
import { ServerInterceptingCall } from '@grpc/grpc-js';
import { unimplemented } from '#platform/errors/outcry-error.ts';
import { runWithTrace } from '#platform/telemetry/trace-context.ts';
import type { AnyInit } from './implementation.ts';
import { EncodedMessage } from './implementation.ts';
import { IncomingCall } from './incoming-call.ts';
import { createRequestReader } from './request-reader.ts';
import type { MethodRuntime } from './server-runtime.ts';
import { asBuffer, malformed } from './status-metadata.ts';

/** Takes every call whose path is in `runtimes`. */
export function createCallInterceptor(runtimes: Map<string, MethodRuntime>): ServerInterceptor {
  return (definition, transport) => {
    const runtime = runtimes.get(definition.path);
    return runtime === undefined ? new ServerInterceptingCall(transport) : new CapturedCall(transport, runtime);
  };
}

/** The library starts it with a listener of its own, which is left unused: everything after the start is ours. */
class CapturedCall extends ServerInterceptingCall {
  readonly #transport: ServerInterceptingCallInterface;
  readonly #runtime: MethodRuntime;

  constructor(transport: ServerInterceptingCallInterface, runtime: MethodRuntime) {
    super(transport);
    this.#transport = transport;
    this.#runtime = runtime;
  }

  override start(): void {
    const begin = this.#runtime.method.methodKind === 'unary' ? startUnary : startStreaming;
    begin(this.#runtime, this.#transport);
  }
}

function startUnary(runtime: MethodRuntime, transport: ServerInterceptingCallInterface): void {
  let call: IncomingCall | undefined;
  let request: Buffer | undefined;
  transport.start({
    onReceiveMetadata(metadata: Metadata) {
      call = new IncomingCall(runtime, transport, metadata);
      transport.startRead();
    },
    onReceiveMessage(message: Buffer) {
      if (request !== undefined) call?.fail(unimplemented('this RPC takes one request message'));
      request = message;
      transport.startRead();
    },
    onReceiveHalfClose() {
      if (call === undefined || call.ended) return;
      if (request === undefined) call.fail(unimplemented('this RPC takes one request message'));
      else void runWithTrace(call.trace, answerUnary, runtime, transport, call, request);
    },
    onCancel: () => call?.cancel(),
  });
}

async function answerUnary(
  runtime: MethodRuntime,
  transport: ServerInterceptingCallInterface,
  call: IncomingCall,
  bytes: Buffer,
): Promise<void> {
  try {
    const admission = call.admit();
    if (admission !== undefined) await admission;
    if (call.ended) return;
    const request = runtime.reader?.(bytes) ?? decode(runtime.method.input, bytes);
    const response = await runtime.handler(request, call);
    if (call.ended) return;
    transport.sendMessage(encode(runtime.method.output, response), noop);
    call.succeed();
  } catch (error) {
    call.fail(error);
  }
}

function startStreaming(runtime: MethodRuntime, transport: ServerInterceptingCallInterface): void {
  let call: IncomingCall | undefined;
  const reader = createRequestReader(() => transport.startRead());
  transport.start({
    onReceiveMetadata(metadata: Metadata) {
      call = new IncomingCall(runtime, transport, metadata);
      call.onEnd(reader.close);
      void runWithTrace(call.trace, answerStreaming, runtime, transport, call, reader.messages);
    },
    onReceiveMessage: reader.push,
    onReceiveHalfClose: reader.close,
    onCancel: () => call?.cancel(),
  });
}

async function answerStreaming(
  runtime: MethodRuntime,
  transport: ServerInterceptingCallInterface,
  call: IncomingCall,
  messages: AsyncIterableIterator<Buffer>,
): Promise<void> {
  const { method, handler } = runtime;
  try {
    await call.admit();
    const request =
      method.methodKind === 'server_streaming'
        ? await only(messages, method.input)
        : decodeEach(messages, method.input);
    if (call.ended) return;
    const response = handler(request, call);
    if (method.methodKind === 'client_streaming') {
      const message = encode(method.output, await response);
      if (!call.ended) transport.sendMessage(message, noop);
    } else {
      await sendEach(runtime, transport, call, response as AsyncIterable<unknown>);
    }
    call.succeed();
  } catch (error) {
    call.fail(error);
  }
}

/** Sends the messages that the handler yields, with backpressure while the peer reads too slowly. */
async function sendEach(
  { method, server }: MethodRuntime,
  transport: ServerInterceptingCallInterface,
  call: IncomingCall,
  responses: AsyncIterable<unknown>,
): Promise<void> {
  const bufferBytesMax = server.limits.streamBufferBytesMax;
  let waitingBytes = 0;
  let resume: (() => void) | undefined;
  const wake = () => resume?.();
  call.onEnd(wake);
  for await (const response of responses) {
    if (call.ended) return;
    const message = encode(method.output, response);
    waitingBytes += message.length;
    transport.sendMessage(message, () => {
      waitingBytes -= message.length;
      wake();
    });
    while (waitingBytes > bufferBytesMax && !call.ended) {
      await new Promise<void>((resolve) => {
        resume = resolve;
      });
    }
  }
}

async function only(messages: AsyncIterableIterator<Buffer>, schema: DescMessage): Promise<Message> {
  const first = await messages.next();
  if (first.done) throw unimplemented('this RPC takes one request message');
  const second = await messages.next();
  if (!second.done) throw unimplemented('this RPC takes one request message');
  return decode(schema, first.value);
}

async function* decodeEach(messages: AsyncIterable<Buffer>, schema: DescMessage): AsyncGenerator<Message> {
  for await (const bytes of messages) yield decode(schema, bytes);
}

function decode(schema: DescMessage, bytes: Uint8Array): Message {
  try {
    return fromBinary(schema, bytes, decodeOptions);
  } catch {
    throw malformed(`the bytes are not a ${schema.typeName}`);
  }
}

function encode(schema: DescMessage, response: unknown): Buffer {
  if (response instanceof EncodedMessage) return asBuffer(response.bytes);
  return asBuffer(toBinary(schema, create(schema, response as AnyInit)));
}

// Unknown fields are of a newer release; storing them would only cost memory.
const decodeOptions = { readUnknownFields: false };

function noop(): void {}
