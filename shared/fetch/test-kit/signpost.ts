/** A point that a server or resolver gets to and tells. */
export function signpost() {
  let told: (value?: unknown) => void = () => {};
  const reached = new Promise((resolve) => (told = resolve));
  return { reached, told };
}
