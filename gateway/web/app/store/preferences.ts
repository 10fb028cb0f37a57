/** What a person chose for this browser. Nothing of it is secret; money and tokens are never stored here. */
import { effect, signal } from '@preact/signals';
import { defaultPreferences, type Preferences, parsePreferences } from './preference-values.ts';

const storageKey = 'outcry.preferences';

/** The preferences of this browser. */
export const preferences = signal<Preferences>(parsePreferences(localStorage.getItem(storageKey)));

/** Changes some of them, and stores all. */
export function setPreferences(changes: Partial<Preferences>): void {
  preferences.value = { ...preferences.peek(), ...changes };
  localStorage.setItem(storageKey, JSON.stringify(preferences.peek()));
}

/** Sets all back to their defaults. */
export function resetPreferences(): void {
  setPreferences(defaultPreferences);
}

/** Marks the document with theme and colours. */
export function applyPreferences(): void {
  effect(() => {
    const { theme, colours } = preferences.value;
    const { dataset } = document.documentElement;
    if (theme === 'system') delete dataset.theme;
    else dataset.theme = theme;
    dataset.colours = colours;
  });
  addEventListener('storage', ({ key, newValue }) => {
    if (key === storageKey) preferences.value = parsePreferences(newValue);
  });
}
