import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from '../ui/icon.tsx';
import './dialog.css';
import { openSheet } from './sheets.ts';

/** A dialog over the page: it traps the focus, gives it back, and ends with Esc. */
export function Dialog({ title, children }: { title: string; children: ComponentChildren }) {
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    element.current?.showModal();
    element.current?.querySelector<HTMLElement>('[data-first]')?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  const close = () => {
    openSheet.value = undefined;
  };
  return (
    <dialog ref={element} aria-label={title} onClose={close} onCancel={close}>
      <div class="dialog-head">
        <h2>{title}</h2>
        <button type="button" class="button plain" aria-label="Close" onClick={close}>
          <Icon name="close" />
        </button>
      </div>
      <div class="dialog-body">{children}</div>
    </dialog>
  );
}
