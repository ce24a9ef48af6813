import { Unreadable } from '../api/refusal.ts';

/** What a file is known again by. */
export function fingerprint({ name, size, lastModified }: File): string {
  return `${name}|${size}|${lastModified}`;
}

/**
 * Whether a file is still what was chosen: a browser that cannot read it says no more than that the connection broke.
 *
 * @throws Unreadable when it changed, when it is gone, or when it is a folder
 */
export async function checkReadable(file: File, at: number): Promise<void> {
  try {
    await file.slice(at, at + 1).arrayBuffer();
  } catch (error) {
    throw new Unreadable(String(error));
  }
}

/** What was dropped: a folder looks like a file until it is read. */
export function filesIn({ files, items }: DataTransfer): { files: File[]; hasFolder: boolean } {
  const dropped = Array.from(items).filter(({ kind }) => kind === 'file');
  const folders = dropped.map((one) => one.webkitGetAsEntry()?.isDirectory ?? false);
  return { files: Array.from(files).filter((_, index) => !folders[index]), hasFolder: folders.includes(true) };
}
