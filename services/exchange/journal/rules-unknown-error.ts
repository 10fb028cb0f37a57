/** The journal goes on under rules that only a later release knows. This release must not serve the shard. */
export class RulesUnknownError extends Error {
  override name = 'RulesUnknownError';

  constructor(row: string, version: number, knownVersion: number) {
    super(`${row} is of rule version ${version}; this release knows version ${knownVersion}: start a later release`);
  }
}
