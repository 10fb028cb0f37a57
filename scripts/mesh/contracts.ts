import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import type { DescMethod, DescService } from '@bufbuild/protobuf';
import { MethodOptions_IdempotencyLevel } from '@bufbuild/protobuf/wkt';
import { Role } from '#gen/outcry/access/v1/access_pb.ts';
import { accessRule, gatewayService } from '#platform/auth/access.ts';
import { projectDirectory } from '../tool.ts';

/** Whether the mesh retries a failed RPC: with a time limit for each try, without one as for streams, or never. */
export type Retry = 'timed' | 'untimed' | 'never';

/** An RPC as the mesh sees it. */
export type MeshRpc = {
  /** The request's path, such as /outcry.order.v1.OrderService/PlaceOrder. */
  path: string;
  /** The service that serves it. */
  callee: string;
  /** The services that may call it, sorted; none where the gateway itself answers people. */
  callers: string[];
  /** Whether people may call it, so that it is called through the gateway, or answered by it. */
  isPublic: boolean;
  /** Whether of people only operators and administrators may call it. */
  isForOperators: boolean;
  retry: Retry;
};

/** The RPCs of all contracts below gen/, sorted by path and by the service that serves them. */
export async function loadMeshRpcs(): Promise<MeshRpc[]> {
  const services: DescService[] = [];
  for await (const path of glob('gen/outcry/*/v1/*_pb.ts', { cwd: projectDirectory })) {
    const module: Record<string, unknown> = await import(join(projectDirectory, path));
    services.push(...Object.values(module).filter(isService));
  }
  const rpcs = services.flatMap((service) => service.methods.map(meshRpc));
  const [ofPlatform, own] = [rpcs.filter(isOfPlatform), rpcs.filter((rpc) => !isOfPlatform(rpc))];
  // The gateway describes itself without a call.
  const callees = [...new Set(own.map(({ callee }) => callee))].filter((callee) => callee !== gatewayService);
  const served = ofPlatform.flatMap((rpc) => callees.map((callee) => ({ ...rpc, callee })));
  return [...own, ...served].toSorted(
    (one, other) => compareTexts(one.path, other.path) || compareTexts(one.callee, other.callee),
  );
}

// The package of the contract that the platform serves in every service.
const platformPackage = 'process';

function isOfPlatform({ callee }: MeshRpc): boolean {
  return callee === platformPackage;
}

/** The rules of one RPC, from its contract. Throws TypeError when it states no access rule. */
export function meshRpc(method: DescMethod): MeshRpc {
  const path = `/${method.parent.typeName}/${method.name}`;
  const rule = accessRule(method);
  if (rule === undefined) throw new TypeError(`${path} states no access rule`);
  const isPublic = rule.roles.length > 0;
  const callee = method.parent.typeName.split('.')[1] ?? '';
  const isPassedOn = isPublic && callee !== gatewayService;
  const callers = new Set([...rule.services, ...rule.meshCallers, ...(isPassedOn ? [gatewayService] : [])]);
  return {
    path,
    callee,
    callers: [...callers].toSorted(compareTexts),
    isPublic,
    isForOperators: isPublic && rule.roles.every((role) => role === Role.OPERATOR || role === Role.ADMIN),
    retry: retryOf(method),
  };
}

/** Compares texts by code unit, so that their order is the same on every machine. */
export function compareTexts(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function retryOf({ idempotency, methodKind }: DescMethod): Retry {
  const { NO_SIDE_EFFECTS, IDEMPOTENT } = MethodOptions_IdempotencyLevel;
  if (idempotency !== NO_SIDE_EFFECTS && idempotency !== IDEMPOTENT) return 'never';
  return methodKind === 'unary' ? 'timed' : 'untimed';
}

function isService(value: unknown): value is DescService {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'service';
}
