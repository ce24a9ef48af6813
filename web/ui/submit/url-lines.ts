/** As the service has it, characters. */
const LONGEST = 2048;

export interface Lines {
  urls: string[];
  /** Lines that hold something else, and those with an address that the service would not take. */
  wrong: string[];
  tooLong: string[];
}

/** Addresses, one a line or with spaces between them, once each. They may hold spaces themselves. Pure. */
export function addressesIn(text: string): Lines {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  const wrong = lines.filter((line) => !wordsOf(line).every(isAddress));
  const urls = new Set(lines.filter((line) => !wrong.includes(line)).flatMap(wordsOf));
  return {
    urls: [...urls].filter((url) => url.length <= LONGEST),
    wrong,
    tooLong: [...urls].filter((url) => url.length > LONGEST),
  };
}

/** The text without an address that was taken; what else was written meanwhile stays as it is. Pure. */
export function without(text: string, url: string): string {
  return text
    .split('\n')
    .filter((line) => wordsOf(line).some((word) => word !== url))
    .map((line) =>
      wordsOf(line).includes(url)
        ? wordsOf(line)
            .filter((word) => word !== url)
            .join(' ')
        : line,
    )
    .join('\n');
}

/** What stands before each beginning of an address, and the addresses. */
function wordsOf(line: string): string[] {
  return line
    .trim()
    .split(/\s+(?=https?:\/\/)/i)
    .filter(Boolean);
}

function isAddress(word: string): boolean {
  return /^https?:\/\/\S/i.test(word) && URL.canParse(word);
}
