/**
 * A protoc plugin that writes openapi.json from the contracts, whose comments become descriptions, and a collection of requests in two
 * formats: every public unary RPC as the HTTP POST that Connect serves for it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { create, createFileRegistry, type DescService, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  CodeGeneratorRequestSchema,
  CodeGeneratorResponse_Feature,
  CodeGeneratorResponseSchema,
  FileDescriptorSetSchema,
} from '@bufbuild/protobuf/wkt';
import { accessRule } from '#platform/auth/access.ts';
import { openApiDocument } from './document.ts';
import { postmanCollection } from './postman.ts';
import { requestCollection } from './requests.ts';

const request = fromBinary(CodeGeneratorRequestSchema, readFileSync(0));
const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: request.protoFile }));
const services: DescService[] = [...registry].filter((desc) => desc.kind === 'service').filter(isPublic);
services.sort((a, b) => (a.typeName < b.typeName ? -1 : 1));

const response = create(CodeGeneratorResponseSchema, {
  supportedFeatures: BigInt(CodeGeneratorResponse_Feature.PROTO3_OPTIONAL),
  file: [
    { name: 'openapi.json', content: jsonText(openApiDocument(services)) },
    { name: 'requests.http', content: requestCollection(services) },
    { name: 'requests.postman_collection.json', content: jsonText(postmanCollection(services)) },
  ],
});
writeFileSync(1, toBinary(CodeGeneratorResponseSchema, response));

function jsonText(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function isPublic(service: DescService): boolean {
  return service.methods.some((method) => (accessRule(method)?.roles.length ?? 0) > 0);
}
