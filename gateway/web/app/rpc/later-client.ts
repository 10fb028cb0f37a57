/**
 * Clients whose contract is read when they are first called. Parsing contracts was half of what the page did before its first view, and most of
 * them are of calls that only somebody who is logged in makes.
 */
import type { DescService } from '@bufbuild/protobuf';
import { type CallOptions, type Client, Code, ConnectError } from '@connectrpc/connect';

type Method = (request: object, options?: CallOptions) => unknown;

/** Whether a method of this name answers with a stream: by the contracts all such names begin so. */
export const isStreamName = (name: string) => name.startsWith('stream');

/**
 * A client that reads the real one by `load` at its first call. A call whose client cannot be read is UNAVAILABLE, as it was never sent; the next one
 * reads again.
 */
export function laterClient<Service extends DescService>(load: () => Promise<Client<Service>>): Client<Service> {
  let loading: Promise<Record<string, Method>> | undefined;
  const loaded = async () => {
    loading ??= load() as Promise<Record<string, Method>>;
    try {
      return await loading;
    } catch (error) {
      loading = undefined;
      throw new ConnectError('this part of the page could not be read', Code.Unavailable, undefined, undefined, error);
    }
  };
  const unary = (name: string): Method => {
    return async (request, options) => (await loaded())[name]?.(request, options);
  };
  const streamed = (name: string): Method => {
    return async function* (request, options) {
      yield* (await loaded())[name]?.(request, options) as AsyncIterable<unknown>;
    };
  };
  return new Proxy({} as Client<Service>, {
    get: (_, name) => (typeof name === 'string' ? (isStreamName(name) ? streamed : unary)(name) : undefined),
  });
}
