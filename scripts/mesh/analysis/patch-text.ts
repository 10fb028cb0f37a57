import { stringify } from 'yaml';

/** A patch of kustomize as text. */
export function patchText(patch: object): string {
  return stringify(patch, { lineWidth: 0, aliasDuplicateObjects: false });
}
