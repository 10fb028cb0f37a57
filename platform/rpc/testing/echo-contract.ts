/** A small contract for tests of the rpc layer, built at run time so that it is not among the real ones. */
import { create, createFileRegistry, type DescService, setExtension } from '@bufbuild/protobuf';
import type { GenService } from '@bufbuild/protobuf/codegenv2';
import type { StringValueSchema } from '@bufbuild/protobuf/wkt';
import {
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  file_google_protobuf_wrappers,
  MethodOptions_IdempotencyLevel as Level,
  MethodOptionsSchema,
} from '@bufbuild/protobuf/wkt';
import {
  type AccessRule,
  AccessRuleSchema,
  access,
  file_outcry_access_v1_access,
  Role,
} from '#gen/outcry/access/v1/access_pb.ts';

type Text = { input: typeof StringValueSchema; output: typeof StringValueSchema };

/** Every RPC takes and gives a google.protobuf.StringValue. */
type EchoMethods = {
  read: Text & { methodKind: 'unary' };
  keyed: Text & { methodKind: 'unary' };
  write: Text & { methodKind: 'unary' };
  open: Text & { methodKind: 'unary' };
  audit: Text & { methodKind: 'unary' };
  internal: Text & { methodKind: 'unary' };
  count: Text & { methodKind: 'server_streaming' };
  join: Text & { methodKind: 'client_streaming' };
  chat: Text & { methodKind: 'bidi_streaming' };
};

type Rule = Pick<AccessRule, 'roles'> & Partial<Pick<AccessRule, 'services' | 'anyOwnerRoles'>>;
type MethodShape = { name: string; rule?: Rule; level?: Level; clientStreaming?: boolean; serverStreaming?: boolean };

const user: Rule = { roles: [Role.USER], anyOwnerRoles: [Role.OPERATOR] };

/** Its RPCs: reads and writes for users, Audit for operators and the order service, Internal for the order service. */
export const EchoService = buildService('EchoService', [
  { name: 'Read', rule: { ...user, roles: [Role.USER, Role.OPERATOR] }, level: Level.NO_SIDE_EFFECTS },
  { name: 'Keyed', rule: user, level: Level.IDEMPOTENT },
  { name: 'Write', rule: user },
  { name: 'Open', rule: { roles: [Role.ANONYMOUS] } },
  { name: 'Audit', rule: { roles: [Role.OPERATOR, Role.ADMIN], services: ['order'] } },
  { name: 'Internal', rule: { roles: [], services: ['order'] } },
  { name: 'Count', rule: user, level: Level.NO_SIDE_EFFECTS, serverStreaming: true },
  { name: 'Join', rule: user, clientStreaming: true },
  { name: 'Chat', rule: user, clientStreaming: true, serverStreaming: true },
]) as GenService<EchoMethods>;

/** A service of one RPC `Forgotten` that states no access rule. */
export const RulelessService = buildService('RulelessService', [{ name: 'Forgotten' }]) as GenService<{
  forgotten: Text & { methodKind: 'unary' };
}>;

function buildService(name: string, methods: MethodShape[]): DescService {
  const file = fileOf(name, methods);
  const known = new Map(
    [file_google_protobuf_wrappers, file_outcry_access_v1_access].map((desc) => [desc.proto.name, desc]),
  );
  const service = createFileRegistry(file, (path) => known.get(path)).getService(`outcry.test.v1.${name}`);
  if (service === undefined) throw new Error(`${name} was not built`);
  return service;
}

function fileOf(serviceName: string, methods: MethodShape[]): FileDescriptorProto {
  return create(FileDescriptorProtoSchema, {
    name: `outcry/test/v1/${serviceName.toLowerCase()}.proto`,
    package: 'outcry.test.v1',
    syntax: 'proto3',
    dependency: ['google/protobuf/wrappers.proto', 'outcry/access/v1/access.proto'],
    service: [
      {
        name: serviceName,
        method: methods.map(({ name, rule, level, clientStreaming, serverStreaming }) => {
          const options = create(MethodOptionsSchema, level === undefined ? {} : { idempotencyLevel: level });
          if (rule !== undefined) setExtension(options, access, create(AccessRuleSchema, rule));
          const type = '.google.protobuf.StringValue';
          return { name, inputType: type, outputType: type, clientStreaming, serverStreaming, options };
        }),
      },
    ],
  });
}
