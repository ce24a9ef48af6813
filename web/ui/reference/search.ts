import type { Operation } from '../../reference/operations.ts';

/** Routes that have all the words somewhere. Pure. */
export function search(operations: readonly Operation[], text: string): Operation[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return operations.filter(({ method, path, summary, tag }) => {
    const whole = `${method} ${path} ${summary} ${tag}`.toLowerCase();
    return words.every((word) => whole.includes(word));
  });
}
