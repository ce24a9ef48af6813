import { computed, effect, signal } from '@preact/signals';
import { keep, kept, onKept } from './kept.ts';

export type Theme = 'light' | 'dark';

const system = matchMedia('(prefers-color-scheme: dark)');
const systemIsDark = signal(system.matches);
const chosen = signal<Theme | null>(read());

/** What the system prefers, until something is chosen here. */
export const theme = computed<Theme>(() => chosen.value ?? (systemIsDark.value ? 'dark' : 'light'));

system.addEventListener('change', () => (systemIsDark.value = system.matches));
onKept('theme', () => (chosen.value = read()));
effect(() => {
  document.documentElement.dataset.theme = theme.value;
});

export function toggleTheme(): void {
  chosen.value = theme.value === 'dark' ? 'light' : 'dark';
  keep('theme', chosen.value);
}

function read(): Theme | null {
  const name = kept('theme');
  return name === 'light' || name === 'dark' ? name : null;
}
