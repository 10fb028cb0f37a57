/** What a page of another origin does with Google's gRPC-web client; bundled and run inside a browser. */
import { create, type DescMessage, type DescMethod, fromBinary, type MessageShape, toBinary } from '@bufbuild/protobuf';
import grpcWeb from 'grpc-web';
import {
  ListInstrumentsRequestSchema,
  MarketService,
  StreamQuotesRequestSchema,
} from '#gen/outcry/market/v1/market_pb.ts';
import { ListOrdersRequestSchema, OrderService } from '#gen/outcry/order/v1/order_pb.ts';

/** The functions that the page gets, as `globalThis.outcry`. */
export type GrpcWebPage = {
  /** The symbols that ListInstruments answers. */
  listSymbols(url: string): Promise<string[]>;
  /** How ListOrders without a token fails. */
  listOrdersAnonymously(url: string): Promise<{ code: number; details: string }>;
  /** The first symbols that StreamQuotes sends; then the stream is cancelled. */
  readQuotes(url: string, symbols: string[], count: number): Promise<string[]>;
};

// The client asks for classes, which protobuf-es has none of, and looks only at the two functions.
class Plain {}

const client = new grpcWeb.GrpcWebClientBase({ format: 'text' });

const page: GrpcWebPage = {
  async listSymbols(url) {
    const list = describeMethod(MarketService.method.listInstruments);
    const request = create(ListInstrumentsRequestSchema);
    const { instruments } = await client.unaryCall(url + list.getName(), request, {}, list);
    return instruments.map(({ symbol }) => symbol);
  },
  async listOrdersAnonymously(url) {
    const list = describeMethod(OrderService.method.listOrders);
    const call = client.unaryCall(url + list.getName(), create(ListOrdersRequestSchema), {}, list);
    const error: grpcWeb.RpcError = await call.then(undefined, (reason) => reason);
    return { code: error.code, details: error.metadata['grpc-status-details-bin'] ?? '' };
  },
  readQuotes(url, symbols, count) {
    const streamQuotes = describeMethod(MarketService.method.streamQuotes);
    const request = create(StreamQuotesRequestSchema, { symbols });
    const stream = client.serverStreaming(url + streamQuotes.getName(), request, {}, streamQuotes);
    const received: string[] = [];
    return new Promise((resolve, reject) => {
      stream.on('error', reject);
      stream.on('data', ({ message }) => {
        if (message.case === 'quote') received.push(message.value.symbol);
        if (received.length < count) return;
        stream.cancel();
        resolve(received);
      });
    });
  },
};

Object.assign(globalThis, { outcry: page });

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
