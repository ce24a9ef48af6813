import type { DownloadedClip } from './download.ts';

/** The clips as a table: name, seconds, frame, size, path. Pure. */
export function clipTable(clips: DownloadedClip[]): string {
  const rows = clips.map((clip) => [
    clip.name,
    clip.seconds.toFixed(2),
    `${clip.width}×${clip.height}`,
    `${(clip.bytes / 1e6).toFixed(2)} MB`,
    clip.path,
  ]);
  const table = [['clip', 'seconds', 'frame', 'size', 'path'], ...rows];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  return table
    .map((row) =>
      row
        .map((cell, column) => pad(cell, column, widths))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Numbers stand at the right. */
function pad(cell: string, column: number, widths: number[]): string {
  const width = widths[column] ?? 0;
  return column === 1 || column === 3 ? cell.padStart(width) : cell.padEnd(width);
}
