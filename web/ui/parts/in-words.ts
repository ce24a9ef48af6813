import type { Row } from '../api/types.ts';
import { language } from '../settings/language.ts';

/** 83 → `1:23`, 3723 → `1:02:03`. */
export function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** How long something takes yet, as people say it: `40 s`, `3 min`, `2 h`. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
}

export function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(Math.floor(Math.log10(Math.max(count, 1)) / 3), units.length - 1);
  const value = count / 1000 ** power;
  return `${value.toLocaleString(language.value, { maximumFractionDigits: value < 10 && power > 0 ? 1 : 0 })} ${units[power]}`;
}

export function when(time: string): string {
  const date = new Date(time);
  const isToday = date.toDateString() === new Date().toDateString();
  return date.toLocaleString(language.value, isToday ? { timeStyle: 'short' } : { dateStyle: 'medium' });
}

/** What its owner would call it: the file's name, or the end of its address. */
export function nameOf({ source, external_id }: Pick<Row, 'source' | 'external_id'>): string {
  if (external_id) return external_id;
  if (source.name) return source.name;
  try {
    const { hostname, pathname } = new URL(source.url ?? '');
    return decodeURIComponent(pathname.split('/').findLast(Boolean) ?? hostname);
  } catch {
    return source.url ?? '';
  }
}
