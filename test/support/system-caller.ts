/** Calls any RPC of a running system, in proto3 JSON: public ones through the gateway, the others with the identity of a service that may. */
import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createRegistry,
  type DescMethod,
  type DescService,
  fromJson,
  type JsonObject,
  type Message,
  toJson,
} from '@bufbuild/protobuf';
import { createClient } from '@connectrpc/connect';
import { createConnectTransport } from '@connectrpc/connect-node';
import { file_google_rpc_error_details } from '#gen/google/rpc/error_details_pb.ts';
import { accessRule } from '#platform/auth/access.ts';
import { createServiceTokenSource } from '#platform/auth/service-token.ts';
import { codeName } from '#platform/errors/code.ts';
import { reasonName } from '#platform/errors/details.ts';
import { OutcryError } from '#platform/errors/outcry-error.ts';
import { createRpcClient, type RpcClientOptions } from '#platform/rpc/client.ts';
import { publicServices } from '../../gateway/index.ts';
import { readRunFile, readServiceKeys } from '../../supervisor/index.ts';
import { refusalOf } from './refusal.ts';
import type { SharedSystem } from './shared-system.ts';

/** What came of a call: its answer, or the status and the reason of its refusal. */
export type CallOutcome = { answer: JsonObject } | { code: string; reason: string };

/** Who calls, until when, and with which members in the call's baggage. */
export type CallAs = { token?: string; signal?: AbortSignal; baggage?: string };

/** Calls RPCs; disposing closes the connections. */
export type SystemCaller = AsyncDisposable & {
  call(method: DescMethod, request: JsonObject, as?: CallAs): Promise<CallOutcome>;
};

type Call = (request: Message, options: object) => Promise<Message> | AsyncIterable<Message>;

const projectDirectory = join(import.meta.dirname, '..', '..');
const registry = createRegistry(file_google_rpc_error_details);

/** Every RPC of every contract, by `ledger.v1.LedgerService/Deposit`. */
export async function loadMethods(): Promise<Map<string, DescMethod>> {
  const methods: DescMethod[] = [];
  for await (const path of glob('gen/outcry/*/v1/*_pb.ts', { cwd: projectDirectory })) {
    const module: Record<string, unknown> = await import(join(projectDirectory, path));
    methods.push(
      ...Object.values(module)
        .filter(isService)
        .flatMap((service) => service.methods),
    );
  }
  return new Map(methods.map((method) => [nameOf(method), method]));
}

/** Opens connections as they are needed. */
export function openSystemCaller(shared: SharedSystem): SystemCaller {
  const transport = createConnectTransport({ baseUrl: shared.gatewayUrl, httpVersion: '1.1' });
  const opened: AsyncDisposable[] = [];
  const calls = new Map<DescMethod, Call>();
  const open = (method: DescMethod): Call => {
    if (publicServices.includes(method.parent)) {
      return Reflect.get(createClient(method.parent, transport), method.localName) as Call;
    }
    const [caller = ''] = accessRule(method)?.services ?? [];
    const callee = method.parent.typeName.split('.')[1] ?? '';
    const client = createRpcClient(method.parent, serviceOptions(shared, callee, caller));
    opened.push(client);
    return Reflect.get(client, method.localName) as Call;
  };
  return {
    async call(method, request, { token, signal, baggage } = {}) {
      const call = calls.get(method) ?? open(method);
      calls.set(method, call);
      const metadata = baggage === undefined ? {} : { baggage };
      const headers = { ...metadata, ...(token !== undefined && { authorization: `Bearer ${token}` }) };
      try {
        const answered = call(fromJson(method.input, request), { headers, metadata, signal });
        return { answer: await readAnswer(method, answered) };
      } catch (error) {
        return readRefusal(error);
      }
    },
    async [Symbol.asyncDispose]() {
      for (const client of opened) await client[Symbol.asyncDispose]();
    },
  };
}

/** How to call a service of the system directly, as another one. */
export function serviceOptions({ dataDirectory }: SharedSystem, callee: string, caller: string): RpcClientOptions {
  const process = readRunFile(dataDirectory)?.processes.find(({ name }) => name === callee);
  if (process === undefined) throw new Error(`no process of ${callee} runs`);
  const serviceToken = createServiceTokenSource(caller, readServiceKeys(dataDirectory, caller));
  return { address: `ipv4:127.0.0.1:${process.port}`, serviceToken };
}

/** `ledger.v1.LedgerService/Deposit`. */
export function nameOf({ parent, name }: DescMethod): string {
  return `${parent.typeName.replace('outcry.', '')}/${name}`;
}

function isService(value: unknown): value is DescService {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'service';
}

/** The answer; of a stream, all its messages. */
async function readAnswer(method: DescMethod, answered: ReturnType<Call>): Promise<JsonObject> {
  const json = (message: Message) => toJson(method.output, message, { registry }) as JsonObject;
  if (!(Symbol.asyncIterator in answered)) return json(await answered);
  const messages: JsonObject[] = [];
  for await (const message of answered) messages.push(json(message));
  return { messages };
}

async function readRefusal(error: unknown): Promise<CallOutcome> {
  if (error instanceof OutcryError)
    return { code: codeName(error.code).toLowerCase(), reason: reasonName(error.reason) };
  const { code, reason } = await refusalOf(Promise.reject(error));
  return { code, reason };
}
