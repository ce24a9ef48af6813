/** Addresses, one a line; the first line that is none is named. Pure. */
export function addressesIn(text: string): { urls: string[] } | { wrong: string } {
  const lines = text
    .split(/\s+/)
    .map((line) => line.trim())
    .filter(Boolean);
  const wrong = lines.find((line) => !/^https?:\/\/\S+$/i.test(line) || !URL.canParse(line));
  return wrong === undefined ? { urls: [...new Set(lines)] } : { wrong };
}
