/**
 * Where a task's files lie in storage. Pure.
 *
 * What ages differently has its own top folder, so that a bucket can move it to a cheaper class by prefix: sources are
 * seldom read again, clips often. Keys carry the attempt: a worker that was given up cannot overwrite what counts.
 */

export function sourcePrefix(task: string): string {
  return `sources/${task}/`;
}

export function clipPrefix(task: string): string {
  return `clips/${task}/`;
}

/** Parts that wait to be joined, and the sound. They go when the whole is there. */
export function partPrefix(task: string): string {
  return `parts/${task}/`;
}

/** Every prefix that a task's files can lie under. */
export function taskPrefixes(task: string): string[] {
  return [sourcePrefix(task), clipPrefix(task), partPrefix(task)];
}

/** A source that came as an upload. */
export function uploadKey(task: string): string {
  return `${sourcePrefix(task)}upload`;
}

/** A source that an ingest step has fetched. */
export function fetchedSourceKey(task: string, attempt: number): string {
  return `${sourcePrefix(task)}a${attempt}`;
}

export function clipKey(task: string, part: number, attempt: number): string {
  return `${clipPrefix(task)}${String(part).padStart(4, '0')}-a${attempt}.mp4`;
}

/** A part that waits to be joined. @param name which of its files */
export function partKey(task: string, part: number, attempt: number, name: string): string {
  return `${partPrefix(task)}${String(part).padStart(4, '0')}-a${attempt}-${name}`;
}

export function soundKey(task: string, attempt: number): string {
  return `${partPrefix(task)}sound-a${attempt}.mp4`;
}

export function wholeKey(task: string, attempt: number): string {
  return `${clipPrefix(task)}whole-a${attempt}.mp4`;
}

/** A file of a stream. @param attempt of the finish step */
export function streamKey(task: string, attempt: number, name: string): string {
  return `${clipPrefix(task)}stream-a${attempt}/${name}`;
}
