import {
  createFileRegistry,
  type DescField,
  type DescMessage,
  type DescMethod,
  type DescService,
  type FileRegistry,
  fromBinary,
  getOption,
  hasOption,
} from '@bufbuild/protobuf';
import { FileDescriptorSetSchema, MethodOptions_IdempotencyLevel } from '@bufbuild/protobuf/wkt';
import { type AccessRule, access, Role } from '#gen/outcry/access/v1/access_pb.ts';
import { saysScope } from '#platform/auth/scopes.ts';

// Writes without a key: a repeat is harmless, or is never made. A call with another verb has a key in its request.
const unkeyedVerbs =
  /^(LogIn|LogOut|Refresh|Change|Update|Set|Cancel|Release|Void|Halt|Resume|Ensure|Delete|Mark|Redrive|Acknowledge|Pause|KeepAlive|KeepSessionAlive|Confirm|Handover|Drop|Revoke)/;
const keyField = /^(idempotency_key|client_order_id|command_id|order_id|list_id|event_id)$/;
// A key may be in the items of a group, or in the request that an item is.
const keyDepthMax = 2;
// Objects that a client names itself: the name is the key.
const naturalKeys: ReadonlyMap<string, string> = new Map([
  ['outcry.market.v1.MarketAdminService/CreateInstrument', 'symbol'],
  ['outcry.exchange.v1.ExchangeService/ListSymbol', 'symbol'],
]);
const ownPackages = 'outcry.';

/** Reads an image as `buf build` writes it. */
export function readImage(bytes: Uint8Array): FileRegistry {
  return createFileRegistry(fromBinary(FileDescriptorSetSchema, bytes));
}

/**
 * Finds RPCs that do not say who may call them or what a repeat does, creating calls without a client-made key, and unbounded
 * lists. One line for each.
 *
 * @param serviceNames the services that an access rule may name
 */
export function findContractProblems(registry: FileRegistry, serviceNames: readonly string[]): string[] {
  const services = [...registry].filter((type) => type.kind === 'service' && type.typeName.startsWith(ownPackages));
  return (services as DescService[]).flatMap((service) => [
    ...service.methods.flatMap((method) =>
      [...accessProblems(method, serviceNames), ...idempotencyProblems(method), ...listProblems(method)].map(
        (problem) => `${service.typeName}/${method.name} ${problem}`,
      ),
    ),
    ...audienceProblems(service),
  ]);
}

function accessProblems(method: DescMethod, serviceNames: readonly string[]): string[] {
  const rule = accessRule(method);
  if (!rule) return ['does not say who may call it (outcry.access.v1.access)'];
  const problems: string[] = [];
  if (rule.roles.length + rule.services.length === 0) problems.push('has no callers');
  if (rule.roles.includes(Role.UNSPECIFIED)) problems.push('names ROLE_UNSPECIFIED');
  const callers = [...rule.services, ...rule.meshCallers];
  for (const name of callers.filter((entry) => !serviceNames.includes(entry))) {
    problems.push(`may be called by '${name}', which is no service`);
  }
  if (rule.roles.length === 0 && rule.meshCallers.length > 0) problems.push('is for services, which `services` names');
  if (!saysScope(method, rule)) problems.push('does not say which scope an API key needs (SCOPE_SESSION: no key may)');
  const fields = method.input.fields.map((field) => field.name);
  if (rule.ownerField !== '' && !fields.includes(rule.ownerField)) {
    problems.push(`names the owner field '${rule.ownerField}', which its request does not have`);
  }
  return problems;
}

// A proto service is for people or for services, never for both: the mesh authorises the two by different means.
function audienceProblems(service: DescService): string[] {
  const rules = service.methods.map(accessRule).filter((rule) => rule !== undefined);
  const forPeople = rules.some((rule) => rule.roles.length > 0);
  const forServices = rules.some((rule) => rule.services.length > 0);
  return forPeople && forServices ? [`${service.typeName} mixes RPCs for people and for services`] : [];
}

function idempotencyProblems(method: DescMethod): string[] {
  const level = method.proto.options?.idempotencyLevel;
  if (level === undefined || !hasExplicitLevel(method)) return ['does not say what a repeat does (idempotency_level)'];
  if (level === MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS || unkeyedVerbs.test(method.name)) return [];
  if (!hasKey(method)) return ['creates something without a client-made key in its request'];
  return level === MethodOptions_IdempotencyLevel.IDEMPOTENT ? [] : ['is keyed, so it is IDEMPOTENT'];
}

function listProblems(method: DescMethod): string[] {
  if (method.methodKind !== 'unary' || !/^List\w*s$/.test(method.name)) return [];
  const names = method.input.fields.map((field) => field.name);
  const bounded = names.includes('page_size') && names.includes('page_token');
  // A list of what the caller names one by one is bounded by the names.
  const named = method.input.fields.some((field) => field.fieldKind === 'list' && field.name === 'symbols');
  return bounded || named ? [] : ['lists without page_size and page_token'];
}

// A batched call carries the key in each item.
function hasKey({ input, parent, name }: DescMethod): boolean {
  const natural = naturalKeys.get(`${parent.typeName}/${name}`);
  const isKey = (field: DescField): boolean => keyField.test(field.name) || field.name === natural;
  return hasField(input, isKey, keyDepthMax);
}

function hasField(message: DescMessage, isWanted: (field: DescField) => boolean, depth: number): boolean {
  return message.fields.some(
    (field) =>
      isWanted(field) || (depth > 0 && field.message !== undefined && hasField(field.message, isWanted, depth - 1)),
  );
}

function hasExplicitLevel(method: DescMethod): boolean {
  const { options } = method.proto;
  return options !== undefined && Object.hasOwn(options, 'idempotencyLevel');
}

function accessRule(method: DescMethod): AccessRule | undefined {
  return hasOption(method, access) ? getOption(method, access) : undefined;
}
