/** Names of RPCs, fields and values as docs/parity.md writes them, looked up in the descriptors. */
import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createRegistry,
  type DescField,
  type DescFile,
  type DescMessage,
  type DescMethod,
  type Registry,
} from '@bufbuild/protobuf';
import { accessRule } from '#platform/auth/access.ts';
import { projectDirectory } from '../../tool.ts';

/**
 * A name in a document, such as `order.v1.OrderService.PlaceOrder: terms.type=ORDER_TYPE_LIMIT`: an RPC, and fields of its request after a
 * colon or of its response after `->`, each with the value of an enum after `=` where one is meant. `errors.v1.ErrorReason.NAME` is a value.
 */
export type ContractName = { parent: string; member: string; part: 'request' | 'response'; paths: string[] };

/** Where a name leads: nowhere, to an RPC for people, to one for services alone, or to a value that calls of both kinds have. */
export type NamedKind = 'people' | 'services' | 'value' | { unknown: string };

const namePattern = /^([a-z_]+\.v1\.\w+)\.(\w+)(?:(:| ->) (.+))?$/;

/** Reads a name; undefined when the text is none. */
export function parseContractName(text: string): ContractName | undefined {
  const match = namePattern.exec(text);
  if (match === null) return undefined;
  const [, parent = '', member = '', mark = ':', paths] = match;
  return {
    parent: `outcry.${parent}`,
    member,
    part: mark === ':' ? 'request' : 'response',
    paths: paths === undefined ? [] : paths.split(/,\s*/),
  };
}

/** Looks a name up. */
export function findContractName({ parent, member, part, paths }: ContractName, registry: Registry): NamedKind {
  const value = registry.getEnum(parent)?.values.find(({ name }) => name === member);
  if (value !== undefined && paths.length === 0) return 'value';
  const method = registry.getService(parent)?.methods.find(({ name }) => name === member);
  if (method === undefined) return { unknown: `${parent}.${member}` };
  const message = part === 'request' ? method.input : method.output;
  const unknown = paths.find((path) => !hasPath(message, path));
  return unknown === undefined ? audienceOf(method) : { unknown: `${message.typeName}: ${unknown}` };
}

/** The descriptors of all contracts. */
export async function loadRegistry(): Promise<Registry> {
  const files: DescFile[] = [];
  for await (const path of glob('gen/outcry/*/v1/*_pb.ts', { cwd: projectDirectory })) {
    const module: Record<string, unknown> = await import(join(projectDirectory, path));
    files.push(...Object.values(module).filter(isFile));
  }
  return createRegistry(...files);
}

function audienceOf(method: DescMethod): NamedKind {
  return (accessRule(method)?.roles.length ?? 0) > 0 ? 'people' : 'services';
}

function hasPath(message: DescMessage, path: string): boolean {
  const [names = '', value] = path.split('=');
  let at: DescMessage | undefined = message;
  let field: DescField | undefined;
  for (const name of names.split('.')) {
    field = at?.fields.find((candidate) => candidate.name === name);
    at = field?.message;
    if (field === undefined) return false;
  }
  return value === undefined || (field?.enum?.values.some(({ name }) => name === value) ?? false);
}

function isFile(value: unknown): value is DescFile {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'file';
}
