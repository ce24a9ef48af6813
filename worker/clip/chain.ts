/** One chain of a filter graph, from labels to labels. Pure. */
export function chain(from: string, to: string, filters: string[]): string {
  return `${from}${filters.join(',')}${to}`;
}
