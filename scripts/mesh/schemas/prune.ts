import type { Schema, Schemas } from './schema.ts';

/** A schema as API servers publish it: with descriptions, defaults and extensions. */
export type PublishedSchema = Omit<Schema, 'properties' | 'items' | 'additionalProperties'> & {
  properties?: Record<string, PublishedSchema>;
  items?: PublishedSchema;
  additionalProperties?: PublishedSchema | boolean;
  allOf?: PublishedSchema[];
  oneOf?: PublishedSchema[];
  'x-kubernetes-int-or-string'?: boolean;
  'x-kubernetes-preserve-unknown-fields'?: boolean;
  'x-kubernetes-group-version-kind'?: { group: string; version: string; kind: string }[];
};

/** Scalars with several forms. */
const scalars: Record<string, Schema> = {
  Quantity: { type: ['string', 'integer', 'number'] },
  IntOrString: { type: ['string', 'integer'] },
};

/** Collects what remains of published schemas, and of all that they refer to. */
export class SchemaCollector {
  readonly #published: ReadonlyMap<string, PublishedSchema>;
  readonly #definitions = new Map<string, Schema>(Object.entries(scalars));
  readonly #kinds = new Map<string, Schema>();

  constructor(published: ReadonlyMap<string, PublishedSchema>) {
    this.#published = published;
  }

  /** Adds a kind of Kubernetes' own by its `apiVersion kind`. Throws when it is not among the published. */
  addKind(name: string): void {
    for (const [definition, schema] of this.#published) {
      const kinds = schema['x-kubernetes-group-version-kind'] ?? [];
      const names = kinds.map(
        ({ group, version, kind }) => `${group === '' ? version : `${group}/${version}`} ${kind}`,
      );
      if (names.length === 1 && names[0] === name) return void this.#kinds.set(name, this.#refer(definition));
    }
    throw new Error(`the cluster publishes no schema of ${name}`);
  }

  /** Adds a kind that a CustomResourceDefinition makes. */
  addCustomKind(name: string, spec: PublishedSchema): void {
    const text = { type: 'string' };
    const metadata = this.#refer('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta');
    const properties = { apiVersion: text, kind: text, metadata, spec: this.#prune(spec) };
    this.#kinds.set(name, { type: 'object', properties });
  }

  /** All that was added, sorted by name. */
  collect(): Schemas {
    return { kinds: sorted(this.#kinds), definitions: sorted(this.#definitions) };
  }

  #refer(definition: string): Schema {
    const name = definition.split('.').at(-1) ?? definition;
    if (!this.#definitions.has(name)) {
      this.#definitions.set(name, {});
      this.#definitions.set(name, this.#prune(this.#published.get(definition) ?? {}));
    }
    return { $ref: name };
  }

  #prune(schema: PublishedSchema): Schema {
    const { $ref, allOf, oneOf, type, enum: values, properties, required, items, additionalProperties } = schema;
    if ($ref !== undefined) return this.#refer($ref.split('/').at(-1) ?? '');
    if (allOf?.length === 1 && allOf[0] !== undefined) return this.#prune(allOf[0]);
    if (schema['x-kubernetes-int-or-string'] === true) return scalars.IntOrString ?? {};
    if (schema['x-kubernetes-preserve-unknown-fields'] === true || (oneOf && type === undefined)) return {};
    return {
      ...(type !== undefined && { type: type === 'number' ? ['number', 'integer'] : type }),
      ...(values && { enum: values }),
      ...(properties && { properties: this.#pruneAll(properties) }),
      ...(required && { required }),
      ...(items && { items: this.#prune(items) }),
      ...(typeof additionalProperties === 'object' && { additionalProperties: this.#prune(additionalProperties) }),
    };
  }

  #pruneAll(properties: Record<string, PublishedSchema>): Record<string, Schema> {
    return sorted(new Map(Object.entries(properties).map(([field, schema]) => [field, this.#prune(schema)])));
  }
}

function sorted(schemas: ReadonlyMap<string, Schema>): Record<string, Schema> {
  return Object.fromEntries([...schemas].toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
