import type { ServiceApp } from './service-app.ts';

/** Makes the app's end wait for tasks that end by themselves once `app.signal` has aborted. */
export function joinOnShutdown(app: Pick<ServiceApp, 'onDispose'>, ...tasks: Promise<unknown>[]): void {
  app.onDispose({
    async [Symbol.asyncDispose]() {
      await Promise.all(tasks);
    },
  });
}
