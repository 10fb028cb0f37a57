/** Calls made from inside a pod, with that pod's identity or none. */
import { readFile } from 'node:fs/promises';
import { kubectl, rpcPort } from '../../scripts/mesh/index.ts';
import { meshNamespace } from './cluster.ts';

/** A pod that calls: `deploy/order`, `pod/stranger`. */
export type Caller = { namespace: string; target: string };

/** The outcome of an RPC: HTTP's status, gRPC's (empty without one), its message, and the connection's error. */
export type RpcResult = { status: number; grpcStatus: string; message: string; error?: string };

/** An RPC to be called, without a token. */
export type RpcCall = { service: string; path: string; headers?: Record<string, string> };

/** A TCP port to be spoken to: whether its server speaks first, what is sent, and the words of an answer that end the call. */
export type TcpCall = { service: string; port: number; serverFirst: boolean; send: string; until: string };

const program = new URL('./probe.mjs', import.meta.url);

/** The answer of the mesh to a caller that no policy names. */
export const meshRefusal: RpcResult = { status: 200, grpcStatus: '7', message: 'RBAC: access denied' };

/** The SSLRequest with which a client of PostgreSQL begins; a server without TLS answers N. */
export const postgresCall: TcpCall = {
  service: 'postgres',
  port: 5432,
  serverFirst: false,
  send: '\x00\x00\x00\x08\x04\xd2\x16\x2f',
  until: 'N',
};

/** An SMTP greeting; the server's answer to it shows that the call arrived. */
export const smtpCall: TcpCall = {
  service: 'mailbox',
  port: 2525,
  serverFirst: true,
  send: 'EHLO probe\r\n',
  until: '250 ',
};

/** The caller that is a service of the system. */
export function serviceCaller(name: string): Caller {
  const kind = name === 'exchange' ? 'statefulset' : 'deployment';
  return { namespace: meshNamespace, target: `${kind}/${name}` };
}

/** Makes calls one after the other, to services of `namespace`. A TCP port's answer is empty when it sends nothing and closes the connection. */
export async function probe(
  caller: Caller,
  calls: { rpcs: readonly RpcCall[]; tcp?: readonly TcpCall[] },
  namespace = meshNamespace,
): Promise<{ rpcs: RpcResult[]; tcp: string[] }> {
  const { rpcs, tcp = [] } = calls;
  const hostOf = (service: string) => `${service}.${namespace}.svc.cluster.local`;
  const results = await runProbe(caller, [
    ...rpcs.map(({ service, path, headers = {} }) => ({ host: `${hostOf(service)}:${rpcPort}`, path, headers })),
    ...tcp.map(({ service, port, ...words }) => ({ host: `${hostOf(service)}:${port}`, ...words })),
  ]);
  return {
    rpcs: results.slice(0, rpcs.length) as RpcResult[],
    tcp: results.slice(rpcs.length).map((result) => (result as { answer: string }).answer),
  };
}

/** The status of HTTP that a pod gets for a URL, or how its connection failed. */
export async function fetchFrom({ namespace, target }: Caller, url: string): Promise<string> {
  const request = `fetch(${JSON.stringify(url)}, { signal: AbortSignal.timeout(8000) })`;
  const source = `process.stdout.write(await ${request}.then((a) => String(a.status), (e) => String(e.cause?.code ?? e.name)));process.exit();`;
  const node = ['/nodejs/bin/node', '--input-type=module', '-'];
  return kubectl(['-n', namespace, 'exec', '-i', target, '-c', 'service', '--', ...node], { input: source });
}

async function runProbe({ namespace, target }: Caller, calls: object[]): Promise<unknown[]> {
  const source = `globalThis.calls = ${JSON.stringify(calls)};\n${await readFile(program, 'utf8')}`;
  const node = ['/nodejs/bin/node', '--input-type=module', '-'];
  const output = await kubectl(['-n', namespace, 'exec', '-i', target, '-c', 'service', '--', ...node], {
    input: source,
    timeoutMs: 120_000,
  });
  return JSON.parse(output) as unknown[];
}
