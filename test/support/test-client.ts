/** The interface of all clients under test. */
import type { DescMethod, JsonObject } from '@bufbuild/protobuf';
import { publicServices } from '../../gateway/index.ts';

/** A client that speaks proto3 JSON with the test, whatever it speaks on the wire. RPCs are named `OrderService/PlaceOrder`. */
export type TestClient = {
  name: string;
  /** Rejects with the client's own error when the call is refused; see refusal.ts. */
  call(rpc: string, request: JsonObject, token?: string): Promise<JsonObject>;
  /** Ends when the signal aborts. */
  stream(rpc: string, request: JsonObject, options: { token?: string; signal: AbortSignal }): AsyncIterable<JsonObject>;
};

/** How long a call may take, in ms; undefined: as long as the client's own default. An audit of all books takes its time on a busy machine. */
export const timeoutOf = ({ name }: DescMethod): number | undefined => (name === 'Audit' ? 100_000 : undefined);

/** The descriptor of `OrderService/PlaceOrder`. Throws when no public service has it. */
export function methodOf(rpc: string): DescMethod {
  const [serviceName, methodName] = rpc.split('/');
  const service = publicServices.find(({ name }) => name === serviceName);
  const method = service?.methods.find(({ name }) => name === methodName);
  if (method === undefined) throw new Error(`no public RPC is called ${rpc}`);
  return method;
}
