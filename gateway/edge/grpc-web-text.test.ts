import { create, type DescMessage, type DescMethod, fromBinary, type MessageShape, toBinary } from '@bufbuild/protobuf';
import grpcWeb from 'grpc-web';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import {
  GetInstrumentRequestSchema,
  type GetInstrumentResponse,
  MarketService,
  StreamQuotesRequestSchema,
  type StreamQuotesResponse,
} from '#gen/outcry/market/v1/market_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { fromStatusBytes } from '#platform/errors/details.ts';
import { refused } from '#platform/errors/outcry-error.ts';
import { grpcFrame } from '#platform/testing/raw-call.ts';
import { type Fakes, startTestGateway, type TestGateway } from '../testing/start-test-gateway.ts';
import { XhrStandIn } from '../testing/xhr-stand-in.ts';
import { decodeTextRequest } from './grpc-web-text.ts';

const symbols = ['A', 'BB', 'CCC', 'DDDD', 'x'.repeat(50_000)];
let gateway: TestGateway;

beforeAll(async () => {
  // Streams as Connect forwards them, and with them those that the fan-out has no part in.
  const config = { sharesStreams: false };
  const fakes: Fakes = {
    async getInstrument({ symbol }: { symbol: string }) {
      if (symbol === 'NEVER') await new Promise(() => {});
      if (symbol !== 'NONE') return { instrument: { symbol } };
      throw refused(ErrorReason.INSTRUMENT_HALTED, 'it is halted, né', { symbol });
    },
    async *streamQuotes({ symbols: wanted }: { symbols: string[] }) {
      for (const symbol of wanted) yield { message: { case: 'quote', value: { symbol } } };
      if (wanted.includes('NONE')) throw refused(ErrorReason.INSTRUMENT_HALTED, 'it is halted');
    },
  };
  gateway = await startTestGateway(fakes, config);
});
afterAll(() => gateway[Symbol.asyncDispose]());
beforeEach(() => void vi.stubGlobal('XMLHttpRequest', XhrStandIn));
afterEach(() => void vi.unstubAllGlobals());

// The client asks for classes that protobuf-es has none of and looks only at the two functions.
class Plain {}

function describeMethod<I extends DescMessage, O extends DescMessage>(method: DescMethod & { input: I; output: O }) {
  return new grpcWeb.MethodDescriptor<MessageShape<I>, MessageShape<O>>(
    `/${method.parent.typeName}/${method.name}`,
    method.methodKind === 'unary' ? 'unary' : 'server_streaming',
    Plain as new () => MessageShape<I>,
    Plain as new () => MessageShape<O>,
    (request: MessageShape<I>) => toBinary(method.input, request),
    (bytes: Uint8Array) => fromBinary(method.output, bytes),
  );
}

const getInstrument = describeMethod(MarketService.method.getInstrument);
const streamQuotes = describeMethod(MarketService.method.streamQuotes);

function callUnary(symbol: string, format: string, metadata: grpcWeb.Metadata = {}): Promise<GetInstrumentResponse> {
  const client = new grpcWeb.GrpcWebClientBase({ format });
  const request = create(GetInstrumentRequestSchema, { symbol });
  return client.unaryCall(`${gateway.url}${getInstrument.getName()}`, request, metadata, getInstrument);
}

function readStream(wanted: string[]): Promise<{ received: string[]; status: grpcWeb.Status }> {
  const client = new grpcWeb.GrpcWebClientBase({ format: 'text' });
  const request = create(StreamQuotesRequestSchema, { symbols: wanted });
  const stream = client.serverStreaming(`${gateway.url}${streamQuotes.getName()}`, request, {}, streamQuotes);
  const received: string[] = [];
  return new Promise((resolve) => {
    stream.on('data', ({ message }: StreamQuotesResponse) => {
      if (message.case === 'quote') received.push(message.value.symbol);
    });
    stream.on('error', () => {});
    stream.on('status', (status) => resolve({ received, status }));
  });
}

describe.each(['text', 'binary'])("Google's gRPC-web client in %s mode", (format) => {
  it('calls a unary RPC', async () => {
    for (const symbol of symbols) expect((await callUnary(symbol, format)).instrument?.symbol).toBe(symbol);
  });

  it('reads an error with its details', async () => {
    const error: grpcWeb.RpcError = await callUnary('NONE', format).catch((reason) => reason);
    expect([error.code, error.message]).toEqual([Code.FAILED_PRECONDITION, 'it is halted, né']);
    const details = Buffer.from(error.metadata['grpc-status-details-bin'] ?? '', 'base64');
    expect(fromStatusBytes(details)).toMatchObject({
      reason: ErrorReason.INSTRUMENT_HALTED,
      metadata: { symbol: 'NONE' },
    });
  });

  it('reads a passed deadline as one', async () => {
    const metadata = { deadline: String(Date.now() + 50) };
    const error: grpcWeb.RpcError = await callUnary('NEVER', format, metadata).catch((reason) => reason);
    expect(error.code).toBe(Code.DEADLINE_EXCEEDED);
  });
});

describe("Google's gRPC-web client in text mode", () => {
  it('reads a server stream message by message', async () => {
    const { received, status } = await readStream(symbols);
    expect(received).toEqual(symbols);
    expect(status.code).toBe(Code.OK);
  });

  it('reads the messages of a stream that fails, then its error', async () => {
    const { received, status } = await readStream(['A', 'NONE']);
    expect(received).toEqual(['A', 'NONE']);
    expect(status).toMatchObject({ code: Code.FAILED_PRECONDITION, details: 'it is halted' });
    expect(status.metadata?.['grpc-status-details-bin']).toMatch(/./);
  });
});

describe('the answer in text mode', () => {
  it('consists of chunks that are whole groups of base64 each', async () => {
    const body = grpcFrame(toBinary(StreamQuotesRequestSchema, create(StreamQuotesRequestSchema, { symbols })));
    const response = await fetch(gateway.url + streamQuotes.getName(), {
      method: 'POST',
      headers: { 'content-type': 'application/grpc-web-text+proto' },
      body: body.toString('base64'),
    });
    expect(response.headers.get('content-type')).toBe('application/grpc-web-text+proto');
    const text = await response.text();
    expect(text.length % 4).toBe(0);
    // A frame of one message, or the last frame; each padded by itself.
    expect(text.match(/[A-Za-z0-9+/]+={0,2}/g)?.join('')).toBe(text);
  });
});

describe('decodeTextRequest', () => {
  async function decode(chunks: string[]): Promise<string> {
    const body = (async function* () {
      for (const chunk of chunks) yield Buffer.from(chunk);
    })();
    const header = new Headers({ 'content-type': 'application/grpc-web-text+proto', 'content-length': '9' });
    const request = { httpVersion: '1.1', method: 'POST', url: '', signal: AbortSignal.any([]), header, body };
    const decoded = decodeTextRequest({ ...request, contextValues: undefined });
    expect([...decoded.header]).toEqual([['content-type', 'application/grpc-web+proto']]);
    const bytes: Uint8Array[] = [];
    for await (const chunk of decoded.body as AsyncIterable<Uint8Array>) bytes.push(chunk);
    return Buffer.concat(bytes).toString();
  }

  it('reads groups that lie in several chunks', async () => {
    const text = Buffer.from('a message of some length').toString('base64');
    for (let size = 1; size <= text.length; size += 1) {
      const chunks = text.match(new RegExp(`.{1,${size}}`, 'g')) ?? [];
      expect(await decode(chunks)).toBe('a message of some length');
    }
  });

  it('reads pieces that are padded each by itself, and text without padding', async () => {
    expect(await decode(['YQ==YmI=', 'Y2', 'NjYQ=', '=YQ'])).toBe('abbcccaa');
    expect(await decode(['YWJj\r\n', 'ZA'])).toBe('abcd');
    expect(await decode([])).toBe('');
  });
});
