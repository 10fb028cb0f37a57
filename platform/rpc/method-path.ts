import type { DescMethod } from '@bufbuild/protobuf';

/** The HTTP/2 path of an RPC: `/package.Service/Method`. */
export function pathOf(method: DescMethod): string {
  return `/${method.parent.typeName}/${method.name}`;
}
