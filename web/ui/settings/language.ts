import { computed, effect, signal } from '@preact/signals';
import { en, type Texts } from '../texts/en.ts';
import { es } from '../texts/es.ts';
import { keep, kept, onKept } from './kept.ts';

export const languages = { en, es } satisfies Record<string, Texts>;
export type Language = keyof typeof languages;

export const language = signal<Language>(preferred());

/** The texts in the language of now. */
export const texts = computed<Texts>(() => languages[language.value]);

onKept('language', () => (language.value = preferred()));
effect(() => {
  document.documentElement.lang = language.value;
});

export function chooseLanguage(chosen: Language): void {
  keep('language', chosen);
  language.value = chosen;
}

function preferred(): Language {
  const wanted = [kept('language'), ...navigator.languages].map((name) => name?.slice(0, 2).toLowerCase());
  return wanted.find((name): name is Language => name !== undefined && name in languages) ?? 'en';
}
