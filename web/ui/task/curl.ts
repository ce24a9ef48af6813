import type { Task } from '../api/types.ts';

/** Commands that submit the same again and read this task. The token is left to the shell: it is not for pasting. Pure. */
export function asCurl({ task_id, source, profile }: Pick<Task, 'task_id' | 'source' | 'profile'>, origin: string) {
  const authorization = `-H "Authorization: Bearer $token"`;
  const submit =
    source.kind === 'url'
      ? `--json ${quoted(JSON.stringify({ url: source.url, profile }))}`
      : `-F ${quoted(`profile=${profile}`)} -F ${quoted(`video=@${source.name ?? 'video.mp4'}`)}`;
  return [
    `curl -s ${origin}/tasks ${authorization} ${submit}`,
    `curl -s ${origin}/tasks/${task_id} ${authorization}`,
    '',
  ].join('\n');
}

/** For a shell, whatever is in it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
