import type { Transport } from '@connectrpc/connect';
import { createConnectTransport } from '@connectrpc/connect-node';

/** Largest message that is read, in bytes. */
const messageBytesMax = 16 * 1024 * 1024;

/** The Connect protocol over HTTP/1.1, a connection for each call: nothing is left open that would hold the process. */
export function createGatewayTransport(url: string): Transport {
  return createConnectTransport({
    baseUrl: url,
    httpVersion: '1.1',
    nodeOptions: { agent: false },
    readMaxBytes: messageBytesMax,
  });
}
