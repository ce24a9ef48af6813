/** The header by which a file gets its name in a browser, shown there rather than saved (RFC 6266). Pure. */
export function contentDisposition(filename: string): string {
  const plain = filename.replaceAll(/[^\x20-\x7e]|["\\%]/g, '_');
  if (plain === filename) return `inline; filename="${plain}"`;
  return `inline; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(filename).replaceAll(/['()*]/g, percent)}`;
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
