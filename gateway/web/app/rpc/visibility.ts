/** Visibility of the page. Nothing is fetched while it is hidden. */

const graceMs = 10_000;

let hidden = new AbortController();
let timer: ReturnType<typeof setTimeout> | undefined;
let shown = Promise.withResolvers<void>();
shown.resolve();

/** Aborts once the page has been hidden for 10 s. */
export function hiddenSignal(): AbortSignal {
  return hidden.signal;
}

/** Resolves when the page is shown; at once unless it has been hidden for 10 s. */
export function untilShown(): Promise<void> {
  return shown.promise;
}

function update(): void {
  clearTimeout(timer);
  if (document.visibilityState === 'hidden') {
    timer = setTimeout(() => {
      shown = Promise.withResolvers();
      hidden.abort();
    }, graceMs);
  } else if (hidden.signal.aborted) {
    hidden = new AbortController();
    shown.resolve();
  }
}

document.addEventListener('visibilitychange', update);
update();
