/** Calls made from inside a pod, with that pod's identity or none. */
import { readFile } from 'node:fs/promises';
import { rpcPort } from '../../scripts/mesh/allow-policies.ts';
import { kubectl } from '../../scripts/mesh/command.ts';
import { meshNamespace } from '../../scripts/mesh/mesh-file.ts';

/** A pod that calls: `deploy/order`, `pod/stranger`. */
export type Caller = { namespace: string; target: string };

/** What became of an RPC: HTTP's status, gRPC's (empty without one), its message, and the connection's error. */
export type RpcResult = { status: number; grpcStatus: string; message: string; error?: string };

/** An RPC to be called. */
export type RpcCall = { service: string; path: string; headers?: Record<string, string> };

const program = new URL('./probe.mjs', import.meta.url);

/** How the mesh answers whom no policy names. */
export const meshRefusal: RpcResult = { status: 200, grpcStatus: '7', message: 'RBAC: access denied' };

/** The caller that is a service of the system. */
export function serviceCaller(name: string): Caller {
  return { namespace: meshNamespace, target: `deploy/${name}` };
}

/** Calls RPCs, one after the other, without a token. */
export function probeRpcs(caller: Caller, calls: readonly RpcCall[]): Promise<RpcResult[]> {
  const toProbe = ({ service, path, headers = {} }: RpcCall) => ({
    host: `${hostOf(service)}:${rpcPort}`,
    path,
    headers,
  });
  return runProbe(caller, calls.map(toProbe)) as Promise<RpcResult[]>;
}

/** What a TCP port answers to these bytes (hex); empty when it closes the connection. */
export async function probeTcp(caller: Caller, service: string, port: number, send = ''): Promise<string> {
  const [result] = await runProbe(caller, [{ host: `${hostOf(service)}:${port}`, send }]);
  return (result as { answer: string }).answer;
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

function hostOf(service: string): string {
  return `${service}.${meshNamespace}.svc.cluster.local`;
}
