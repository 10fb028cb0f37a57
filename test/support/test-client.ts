/** The one shape of all clients under test. */
import type { DescMethod, JsonObject } from '@bufbuild/protobuf';
import { publicServices } from '../../gateway/contracts.ts';

/** A client that speaks proto3 JSON with the test, whatever it speaks on the wire. RPCs are named `OrderService/PlaceOrder`. */
export type TestClient = {
  name: string;
  /** Rejects with ClientError when the call is refused. */
  call(rpc: string, request: JsonObject, token?: string): Promise<JsonObject>;
  /** Ends when the signal aborts. */
  stream(rpc: string, request: JsonObject, options: { token?: string; signal: AbortSignal }): AsyncIterable<JsonObject>;
};

/** The descriptor of `OrderService/PlaceOrder`. Throws when no public service has it. */
export function methodOf(rpc: string): DescMethod {
  const [serviceName, methodName] = rpc.split('/');
  const service = publicServices.find(({ name }) => name === serviceName);
  const method = service?.methods.find(({ name }) => name === methodName);
  if (method === undefined) throw new Error(`no public RPC is called ${rpc}`);
  return method;
}
