import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { alertText, politeText } from './announce.ts';
import { closeNotice, closeNotices, notice, olderCount } from './notices.ts';

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

/** What went wrong, for those who see, the newest first; the alert says each to a screen reader. */
export function Notice() {
  if (notice.value === '') return null;
  const older = olderCount.value;
  return (
    <aside class="notice inverted" aria-label="Notice">
      <p>{notice}</p>
      {older > 0 && (
        <span class="notice-more">
          and {older} before
          <Button isSmall onClick={closeNotices}>
            Close all
          </Button>
        </span>
      )}
      <button type="button" class="button plain" aria-label="Close the notice" onClick={closeNotice}>
        <Icon name="close" />
      </button>
    </aside>
  );
}
