import { type ServiceDefinition, services } from '../plan/services.ts';
import { type RestartLimits, standardRestartLimits } from '../processes/restart-policy.ts';
import { projectDirectory } from '../project-directory.ts';
import { startOutcry } from '../start.ts';
import { listenForInterrupts } from '../terminal/interrupt.ts';
import { createOutput } from '../terminal/output.ts';

/** How a variant differs from `npm start`. */
export type Variant = {
  /** Changes how a service runs. */
  change: (service: ServiceDefinition) => ServiceDefinition;
  /** Over the standard limits. */
  restartLimits: Partial<RestartLimits>;
};

/**
 * Runs the whole system with the flags of `npm start`, without demo users, until it is interrupted. For start scripts of tests
 * (`StartSystemOptions.script`). Resolves to the exit code.
 */
export function startVariant(args: readonly string[], { change, restartLimits }: Variant): Promise<number> {
  return startOutcry({
    args,
    env: process.env,
    projectDirectory,
    services: services.map(change),
    output: createOutput(),
    interrupt: listenForInterrupts(),
    compile: async () => false,
    seed: async () => {},
    restartLimits: { ...standardRestartLimits, ...restartLimits },
  });
}
