/** One server-sent event. */
export interface ServerEvent {
  event: string;
  id: string;
  data: string;
}

/**
 * Puts server-sent events together from pieces of text, however they are cut. Comments are left out. Pure.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 */
export function eventParser(): (text: string) => ServerEvent[] {
  let rest = '';
  let id = '';
  let event = '';
  let lines: string[] = [];

  function take(line: string): ServerEvent | null {
    if (line === '') {
      const whole = lines.length > 0 ? { event: event || 'message', id, data: lines.join('\n') } : null;
      event = '';
      lines = [];
      return whole;
    }
    const colon = line.indexOf(':');
    const name = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'data') lines.push(value);
    else if (name === 'event') event = value;
    else if (name === 'id') id = value;
    return null;
  }

  return (text) => {
    const all = (rest + text).split(/\r\n|\n|\r(?!$)/);
    rest = all.pop() ?? '';
    return all.map(take).filter((whole) => whole !== null);
  };
}
