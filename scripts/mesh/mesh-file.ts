import { stringify } from 'yaml';

/** A file below istio/. */
export type MeshFile = { name: string; text: string };

/** The namespace of the services; their identities carry it. */
export const meshNamespace = 'outcry';

/** The first line of every generated file. */
export const generatedNote = '# Generated from the contracts by `npm run mesh:generate`; do not edit.';

/** A generated file with one resource of Kubernetes. */
export function meshFile(name: string, resource: object): MeshFile {
  return {
    name: `${name}.yaml`,
    text: `${generatedNote}\n${stringify(resource, { lineWidth: 0, aliasDuplicateObjects: false })}`,
  };
}
