/** What is open over the page: one thing at a time. */
import { signal } from '@preact/signals';

/** A sheet over the page. */
export type SheetName = 'log in' | 'register' | 'search' | 'keys' | 'menu' | 'about' | 'indicators';

/** The open sheet; undefined: none. */
export const openSheet = signal<SheetName | undefined>(undefined);
