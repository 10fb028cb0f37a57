/** Finds files, symbols and extensions among the descriptors of the services that are served. */
import type { DescExtension, DescFile, DescService, Registry } from '@bufbuild/protobuf';
import { createRegistry, toBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { file_google_rpc_error_details } from '#gen/google/rpc/error_details_pb.ts';

/** Each look-up answers undefined for what is not known here. */
export type DescriptorIndex = {
  services: string[];
  fileByName(name: string): DescFile | undefined;
  /** By the full name of a message, enum, enum value, extension, field, oneof, service or RPC. */
  fileBySymbol(name: string): DescFile | undefined;
  fileByExtension(extendee: string, number: number): DescFile | undefined;
  extensionNumbers(extendee: string): number[] | undefined;
  /** The file and all that it imports, each as a serialised FileDescriptorProto. */
  encode(file: DescFile): Uint8Array[];
};

/** An index over the files of `services` and their imports, and over what the details of refusals are made of. */
export function createDescriptorIndex(services: DescService[]): DescriptorIndex {
  const files = new Map<string, DescFile>();
  for (const { file } of services) collectFiles(file, files);
  // No contract imports these, as details are of any type: clients that read them by reflection ask for them by name.
  collectFiles(file_google_rpc_error_details, files);
  const registry = createRegistry(...files.values());
  const extensions: DescExtension[] = [...registry].filter((desc) => desc.kind === 'extension');
  const encoded = new Map<DescFile, Uint8Array[]>();
  const numbersOf = (extendee: string) =>
    extensions.filter((desc) => desc.extendee.typeName === extendee).map((desc) => desc.number);

  return {
    services: services.map((service) => service.typeName),
    fileByName: (name) => files.get(name),
    fileBySymbol: (name) => fileBySymbol(registry, name),
    fileByExtension: (extendee, number) =>
      extensions.find((desc) => desc.extendee.typeName === extendee && desc.number === number)?.file,
    extensionNumbers: (extendee) => (registry.getMessage(extendee) === undefined ? undefined : numbersOf(extendee)),
    encode(file) {
      const known = encoded.get(file);
      if (known !== undefined) return known;
      const all = [...collectFiles(file, new Map()).values()];
      const bytes = all.map(({ proto }) => toBinary(FileDescriptorProtoSchema, proto));
      encoded.set(file, bytes);
      return bytes;
    },
  };
}

function collectFiles(file: DescFile, into: Map<string, DescFile>): Map<string, DescFile> {
  // `proto.name` is the path with its ending, as imports write it.
  if (into.has(file.proto.name)) return into;
  into.set(file.proto.name, file);
  for (const dependency of file.dependencies) collectFiles(dependency, into);
  return into;
}

function fileBySymbol(registry: Registry, name: string): DescFile | undefined {
  const type = registry.get(name);
  if (type !== undefined) return type.file;
  const dot = name.lastIndexOf('.');
  const member = name.slice(dot + 1);
  const parent = registry.get(name.slice(0, Math.max(0, dot)));
  if (parent?.kind === 'service' && parent.methods.some((method) => method.name === member)) return parent.file;
  if (parent?.kind === 'message' && parent.members.some((field) => field.name === member)) return parent.file;
  return fileOfEnumValue(registry, name);
}

// Enum values live in the scope around their enum, not inside it.
function fileOfEnumValue(registry: Registry, name: string): DescFile | undefined {
  for (const desc of registry) {
    if (desc.kind !== 'enum') continue;
    const scope = desc.typeName.slice(0, desc.typeName.lastIndexOf('.') + 1);
    if (name.startsWith(scope) && desc.values.some((value) => scope + value.name === name)) return desc.file;
  }
  return undefined;
}
