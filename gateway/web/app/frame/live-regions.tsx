import { Icon } from '../ui/icon.tsx';
import { alertText, notice, politeText } from './announce.ts';

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

/** What went wrong, for those who see; the alert says it to a screen reader. */
export function Notice() {
  if (notice.value === '') return null;
  const close = () => {
    notice.value = '';
  };
  return (
    <aside class="notice inverted" aria-label="Notice">
      <p>{notice}</p>
      <button type="button" class="button plain" aria-label="Close the notice" onClick={close}>
        <Icon name="close" />
      </button>
    </aside>
  );
}
