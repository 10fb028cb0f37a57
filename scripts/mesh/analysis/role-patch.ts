/** How the pods of a Deployment get a file of their role when another tool than our command makes the canary. */

import type { Track } from '../mesh-file.ts';
import { trackLabel } from '../mesh-file.ts';
import { patchText } from './patch-text.ts';

const folder = '/etc/outcry-role';
const roleAnnotation = 'outcry.dev/role';

/** What the pods of a version carry: a promotion changes it while they run. */
export function roleMetadata(role: Track): { labels: object; annotations: object } {
  return { labels: { [trackLabel]: role }, annotations: { [roleAnnotation]: role } };
}

/** Gives the pods of this Deployment the file, from an annotation or, with `field`, from something else that they have. */
export function rolePatch(service: string, field = `metadata.annotations['${roleAnnotation}']`): object {
  return {
    target: { kind: 'Deployment', name: service },
    patch: patchText({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: service },
      spec: {
        template: {
          metadata: { annotations: { [roleAnnotation]: 'stable' } },
          spec: {
            containers: [
              {
                name: 'service',
                env: [{ name: 'OUTCRY_ROLE_FILE', value: `${folder}/role` }],
                volumeMounts: [{ name: 'role', mountPath: folder, readOnly: true }],
              },
            ],
            volumes: [{ name: 'role', downwardAPI: { items: [{ path: 'role', fieldRef: { fieldPath: field } }] } }],
          },
        },
      },
    }),
  };
}
