/** The part of JSON Schema that says which fields a resource may have and of which type; `{}` takes anything. */
export type Schema = {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  additionalProperties?: Schema;
};

/** The schemas of the kinds that k8s/ and istio/ use, by `apiVersion kind`, and of what they have in common, by name. */
export type Schemas = { kinds: Record<string, Schema>; definitions: Record<string, Schema> };

/** Finds unknown fields, missing ones and values of another type in a resource. One line for each, with its path. */
export function findSchemaProblems(resource: { apiVersion: string; kind: string }, schemas: Schemas): string[] {
  const name = `${resource.apiVersion} ${resource.kind}`;
  const schema = schemas.kinds[name];
  if (schema === undefined) return [`${name}: of no known kind`];
  return problemsOf(resource, schema, name);

  function problemsOf(value: unknown, given: Schema, path: string): string[] {
    const found = given.$ref === undefined ? given : (schemas.definitions[given.$ref] ?? {});
    const { type, enum: values } = found;
    if (type !== undefined && ![type].flat().includes(typeOf(value)))
      return [`${path}: is no ${[type].flat().join(' or ')}`];
    if (values !== undefined && !values.includes(value)) return [`${path}: is none of ${values.join(', ')}`];
    if (Array.isArray(value)) {
      const { items = {} } = found;
      return value.flatMap((item, index) => problemsOf(item, items, `${path}[${index}]`));
    }
    return typeof value === 'object' && value !== null ? objectProblems(value, found, path) : [];
  }

  function objectProblems(value: object, given: Schema, path: string): string[] {
    const { properties, required = [], additionalProperties } = given;
    const missing = required.filter((field) => !Object.hasOwn(value, field)).map((field) => `${path}: lacks ${field}`);
    const inFields = Object.entries(value).flatMap(([field, inner]) => {
      const known = properties?.[field] ?? additionalProperties ?? (properties === undefined ? {} : undefined);
      return known === undefined ? [`${path}: has no field ${field}`] : problemsOf(inner, known, `${path}.${field}`);
    });
    return [...missing, ...inFields];
  }
}

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (Number.isInteger(value)) return 'integer';
  return value === null ? 'null' : typeof value;
}
