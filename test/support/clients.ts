/** Ordinary clients of the gateway behind one interface, so that the same tests run through each of them. */
import { type DescMethod, type DescService, fromJson, type JsonObject, toJson } from '@bufbuild/protobuf';
import { createClient, type Transport } from '@connectrpc/connect';
import { createConnectTransport, createGrpcTransport, createGrpcWebTransport } from '@connectrpc/connect-node';
import { fetchClient } from './fetch-client.ts';
import { grpcurlClient } from './grpcurl-client.ts';
import { methodOf, type TestClient, timeoutOf } from './test-client.ts';

/** The kinds of client; grpcurl is a program and may be absent. */
export const clientKinds = ['connect', 'grpc', 'grpc-web', 'fetch', 'grpcurl'] as const;

/** A kind of client. */
export type ClientKind = (typeof clientKinds)[number];

/** A client of this kind for the gateway at `address` (`http://127.0.0.1:8080`). */
export function createTestClient(kind: ClientKind, address: string): TestClient {
  const options = { baseUrl: address };
  switch (kind) {
    case 'connect':
      return transportClient(kind, createConnectTransport({ ...options, httpVersion: '1.1' }));
    case 'grpc':
      return transportClient(kind, createGrpcTransport(options));
    case 'grpc-web':
      return transportClient(kind, createGrpcWebTransport({ ...options, httpVersion: '1.1' }));
    case 'fetch':
      return fetchClient(address);
    case 'grpcurl':
      return grpcurlClient(address);
  }
}

type AnyCall = (
  request: object,
  options: { headers: Record<string, string>; signal?: AbortSignal; timeoutMs?: number },
) => unknown;

function transportClient(name: string, transport: Transport): TestClient {
  const clients = new Map<DescService, Record<string, AnyCall>>();
  const callOf = (method: DescMethod): AnyCall => {
    const service = method.parent;
    const client = clients.get(service) ?? (createClient(service, transport) as Record<string, AnyCall>);
    clients.set(service, client);
    return client[method.localName] as AnyCall;
  };
  const headersOf = (token: string | undefined): Record<string, string> =>
    token === undefined ? {} : { authorization: `Bearer ${token}` };
  return {
    name,
    async call(rpc, request, token) {
      const method = methodOf(rpc);
      const options = { headers: headersOf(token), timeoutMs: timeoutOf(method) };
      const answer = await callOf(method)(fromJson(method.input, request), options);
      return toJson(method.output, answer as never) as JsonObject;
    },
    async *stream(rpc, request, { token, signal }) {
      const method = methodOf(rpc);
      const options = { headers: headersOf(token), signal };
      const messages = callOf(method)(fromJson(method.input, request), options) as AsyncIterable<never>;
      try {
        for await (const message of messages) yield toJson(method.output, message) as JsonObject;
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    },
  };
}
