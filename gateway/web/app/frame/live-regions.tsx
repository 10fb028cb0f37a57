import { alertText, politeText } from './announce.ts';

/** The two regions that screen readers listen to; empty at load. */
export function LiveRegions() {
  return (
    <>
      <div class="hidden" role="status" aria-live="polite">
        {politeText}
      </div>
      <div class="hidden" role="alert">
        {alertText}
      </div>
    </>
  );
}
