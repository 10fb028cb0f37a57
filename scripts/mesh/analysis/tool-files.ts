import { type MeshFile, meshFile } from '../mesh-file.ts';

/** What a tool needs for one service: resources by the names of their files, and patches of kustomize. */
export type ToolPart = { service: string; resources: readonly MeshFile[]; patches: readonly object[] };

/** A folder with a component for each service, so that one may be taken over alone, and one that includes all of them. */
export function toolFiles(folder: string, parts: readonly ToolPart[]): MeshFile[] {
  const component = (path: string, lists: object) =>
    meshFile(`${path}/kustomization`, {
      apiVersion: 'kustomize.config.k8s.io/v1alpha1',
      kind: 'Component',
      ...lists,
    });
  const ofServices = parts.flatMap(({ service, resources, patches }) => [
    ...resources.map(({ name, text }) => ({ name: `${folder}/${service}/${name}`, text })),
    component(`${folder}/${service}`, { resources: resources.map(({ name }) => name), patches }),
  ]);
  return [...ofServices, component(folder, { components: parts.map(({ service }) => service) })];
}
