import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Media } from '../../shared/task/media.ts';
import { colorOf } from './color-of.ts';
import { colorWork } from './color.ts';
import { lutText, type LutSpec } from './lut.ts';

/** Tables that were made, by what they are for: each takes 0.2 s of the processor, and a source has many parts. */
const made = new Map<string, string>();
const mostKept = 8;

function textOf(lut: LutSpec): string {
  const name = JSON.stringify(lut);
  const text = made.get(name) ?? lutText(lut);
  if (made.size >= mostKept) made.clear();
  made.set(name, text);
  return text;
}

/**
 * Writes the table that a source's colors go through, where they need one.
 * @param folder where FFmpeg may read
 * @returns its path, or null
 */
export async function writeTable({ video }: Media, folder: string): Promise<string | null> {
  const { lut } = colorWork(colorOf(video));
  if (!lut) return null;
  const table = path.join(folder, 'colors.cube');
  await writeFile(table, textOf(lut));
  return table;
}
