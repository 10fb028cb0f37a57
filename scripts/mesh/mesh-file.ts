/** A file below istio/. */
export type MeshFile = { name: string; text: string };

/** The namespace of the services; their identities carry it. */
export const meshNamespace = 'outcry';

/** The first line of every generated file. */
export const generatedNote = '# Generated from the contracts by `npm run mesh:generate`; do not edit.';
