/** JSON schemas of messages, by the proto3 JSON mapping. */
import type { DescEnum, DescField, DescMessage } from '@bufbuild/protobuf';
import { ScalarType } from '@bufbuild/protobuf';
import { textOf } from './comments.ts';

/** A JSON schema (draft 2020-12). */
export type JsonSchema = { [keyword: string]: unknown };

const wellKnown: Record<string, JsonSchema> = {
  'google.protobuf.Timestamp': { type: 'string', format: 'date-time' },
  'google.protobuf.Duration': { type: 'string' },
};

/** Collects the schemas of all messages and enums that are referred to. */
export function createSchemas() {
  const schemas = new Map<string, JsonSchema>();

  const refTo = (desc: DescMessage | DescEnum): JsonSchema => {
    const known = wellKnown[desc.typeName];
    if (known !== undefined) return known;
    if (!schemas.has(desc.typeName)) {
      // Set first, so that a message that contains itself ends.
      schemas.set(desc.typeName, {});
      schemas.set(desc.typeName, desc.kind === 'enum' ? enumSchema(desc) : messageSchema(desc));
    }
    return { $ref: `#/components/schemas/${desc.typeName}` };
  };

  const messageSchema = (desc: DescMessage): JsonSchema => ({
    type: 'object',
    ...described(desc),
    additionalProperties: false,
    properties: Object.fromEntries(desc.fields.map((field) => [field.jsonName, fieldSchema(field)])),
  });

  const fieldSchema = (field: DescField): JsonSchema => {
    switch (field.fieldKind) {
      case 'list':
        return { type: 'array', items: element(field), ...described(field) };
      case 'map':
        return { type: 'object', additionalProperties: element(field), ...described(field) };
      default:
        return { ...element(field), ...described(field) };
    }
  };

  const element = (field: DescField): JsonSchema => {
    if (field.message !== undefined) return refTo(field.message);
    if (field.enum !== undefined) return refTo(field.enum);
    return scalarSchema(field.scalar as ScalarType);
  };

  return {
    refTo,
    /** All collected schemas, by name in alphabetical order. */
    collected: () => Object.fromEntries([...schemas].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

function enumSchema(desc: DescEnum): JsonSchema {
  return { type: 'string', ...described(desc), enum: desc.values.map(({ name }) => name) };
}

function scalarSchema(scalar: ScalarType): JsonSchema {
  switch (scalar) {
    case ScalarType.BOOL:
      return { type: 'boolean' };
    case ScalarType.STRING:
      return { type: 'string' };
    case ScalarType.BYTES:
      return { type: 'string', contentEncoding: 'base64' };
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return { type: 'number' };
    case ScalarType.INT64:
    case ScalarType.UINT64:
    case ScalarType.SINT64:
    case ScalarType.FIXED64:
    case ScalarType.SFIXED64:
      // JSON carries 64-bit integers as text.
      return { type: 'string', format: 'int64' };
    default:
      return { type: 'integer', format: 'int32' };
  }
}

function described(desc: DescMessage | DescEnum | DescField): JsonSchema {
  const comment = textOf(desc);
  return comment === '' ? {} : { description: comment };
}
