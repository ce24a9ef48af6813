/** What a browser keeps for the page; a browser that keeps nothing (private, full) only costs the memory of it. */
export function kept(name: string): string | null {
  try {
    return localStorage.getItem(`claqueta.${name}`);
  } catch {
    return null;
  }
}

export function keep(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(`claqueta.${name}`);
    else localStorage.setItem(`claqueta.${name}`, value);
  } catch {
    // Nothing can be kept here.
  }
}

/** Tells of changes that another window makes. */
export function onKept(name: string, changed: () => void): void {
  addEventListener('storage', (event) => {
    if (event.key === `claqueta.${name}` || event.key === null) changed();
  });
}
