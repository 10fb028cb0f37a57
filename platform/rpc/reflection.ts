/** Server reflection, v1 and v1alpha, answered from the descriptors that the services were generated with. */
import type { DescFile, DescService } from '@bufbuild/protobuf';
import type { ServerReflectionRequest } from '#gen/grpc/reflection/v1/reflection_pb.ts';
import { ServerReflection } from '#gen/grpc/reflection/v1/reflection_pb.ts';
import type { ServerReflectionRequest as AlphaRequest } from '#gen/grpc/reflection/v1alpha/reflection_pb.ts';
import { ServerReflection as AlphaServerReflection } from '#gen/grpc/reflection/v1alpha/reflection_pb.ts';
import { Code } from '#platform/errors/code.ts';
import type { DescriptorIndex } from './descriptor-index.ts';
import { createDescriptorIndex } from './descriptor-index.ts';
import type { ServiceBinding } from './implementation.ts';
import { implement } from './implementation.ts';

// The two versions differ in their package name only, so one plain answer serves both.
type Answer =
  | { case: 'fileDescriptorResponse'; value: { fileDescriptorProto: Uint8Array[] } }
  | { case: 'allExtensionNumbersResponse'; value: { baseTypeName: string; extensionNumber: number[] } }
  | { case: 'listServicesResponse'; value: { service: { name: string }[] } }
  | { case: 'errorResponse'; value: { errorCode: number; errorMessage: string } };

/** The two reflection services, which describe `services`. */
export function reflectionServices(services: DescService[]): ServiceBinding[] {
  const index = createDescriptorIndex(services);
  async function* serverReflectionInfo<R extends ServerReflectionRequest | AlphaRequest>(requests: AsyncIterable<R>) {
    for await (const request of requests) {
      const messageResponse = answer(index, request.messageRequest);
      yield { validHost: request.host, originalRequest: request, messageResponse };
    }
  }
  return [
    implement(ServerReflection, { serverReflectionInfo }),
    implement(AlphaServerReflection, { serverReflectionInfo }),
  ];
}

function answer(index: DescriptorIndex, request: (ServerReflectionRequest | AlphaRequest)['messageRequest']): Answer {
  switch (request.case) {
    case 'fileByFilename':
      return fileAnswer(index, index.fileByName(request.value));
    case 'fileContainingSymbol':
      return fileAnswer(index, index.fileBySymbol(request.value));
    case 'fileContainingExtension':
      return fileAnswer(index, index.fileByExtension(request.value.containingType, request.value.extensionNumber));
    case 'allExtensionNumbersOfType':
      return extensionNumbersAnswer(index, request.value);
    case 'listServices':
      return { case: 'listServicesResponse', value: { service: index.services.map((name) => ({ name })) } };
    default:
      return refusal(Code.INVALID_ARGUMENT, 'the request asks for nothing');
  }
}

function fileAnswer(index: DescriptorIndex, file: DescFile | undefined): Answer {
  if (file === undefined) return refusal(Code.NOT_FOUND, 'not known here');
  return { case: 'fileDescriptorResponse', value: { fileDescriptorProto: index.encode(file) } };
}

function extensionNumbersAnswer(index: DescriptorIndex, baseTypeName: string): Answer {
  const extensionNumber = index.extensionNumbers(baseTypeName);
  if (extensionNumber === undefined) return refusal(Code.NOT_FOUND, 'not known here');
  return { case: 'allExtensionNumbersResponse', value: { baseTypeName, extensionNumber } };
}

function refusal(errorCode: number, errorMessage: string): Answer {
  return { case: 'errorResponse', value: { errorCode, errorMessage } };
}
