/** The one seam between a process and what exists once: everything of that kind is started here. */
import { startTimer } from '#platform/time/timer.ts';
import { joinOnShutdown } from './join-on-shutdown.ts';
import { abortOf } from './role.ts';
import type { ServiceApp } from './service-app.ts';

type RoleApp = Pick<ServiceApp, 'role' | 'signal' | 'onDispose'>;

/** How long the work of a process that is no longer promoted may last, in ms; after that the process ends, and its leases with it. */
export const demotionMsMax = 30_000;

/**
 * Starts tasks that end by themselves once their signal aborts, and resolves when they have ended for good. They run while the process is
 * promoted and the app is not drained: a canary starts them at its promotion, ends them when it is demoted, and starts them anew at the next.
 * Rejects when a task does, or does not end in 30 s after a demotion: the process must not live on with it.
 */
export async function inRole(
  { role, signal }: Pick<RoleApp, 'role' | 'signal'>,
  start: (signal: AbortSignal) => readonly Promise<unknown>[],
): Promise<void> {
  if (!role.isSwitched) {
    await Promise.all(start(signal));
    return;
  }
  for (;;) {
    const promoted = await role.promotion(signal);
    if (promoted === undefined) return;
    await endsInTime(Promise.all(start(promoted)), promoted, signal);
    await abortOf(promoted);
  }
}

/**
 * Opens a resource that exists once, such as a consumer of events, and closes it with the app. Waits for it where the process is promoted
 * for good; elsewhere it is opened at each promotion and closed at each demotion.
 */
export async function openInRole(app: RoleApp, open: () => Promise<AsyncDisposable>): Promise<void> {
  if (!app.role.isSwitched) return app.onDispose(await open());
  joinOnShutdown(
    app,
    inRole(app, (signal) => [openUntilAborted(open, signal)]),
  );
}

async function openUntilAborted(open: () => Promise<AsyncDisposable>, signal: AbortSignal): Promise<void> {
  await using _resource = await open();
  await abortOf(signal);
}

/** The end of an app has a bound of its own, so that this one is for demotions. */
async function endsInTime(tasks: Promise<unknown>, promoted: AbortSignal, shutdown: AbortSignal): Promise<void> {
  const late = Promise.withResolvers<never>();
  late.promise.catch(() => {});
  const bound = abortOf(promoted).then(() => {
    if (shutdown.aborted) return undefined;
    return startTimer(demotionMsMax, () => late.reject(new Error('the work of a role did not end in time'))).unref();
  });
  try {
    await Promise.race([tasks, late.promise]);
  } finally {
    void bound.then((timer) => timer?.[Symbol.dispose]());
  }
}
