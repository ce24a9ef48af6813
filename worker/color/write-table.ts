import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Media } from '../../shared/task/media.ts';
import { colorOf } from './color-of.ts';
import { colorWork } from './color.ts';
import { lutText } from './lut.ts';

/**
 * Writes the table that a source's colors go through, where they need one.
 * @param folder where FFmpeg may read
 * @returns its path, or null
 */
export async function writeTable({ video }: Media, folder: string): Promise<string | null> {
  const { lut } = colorWork(colorOf(video));
  if (!lut) return null;
  const table = path.join(folder, 'colors.cube');
  await writeFile(table, lutText(lut));
  return table;
}
