/** Requests that last as long as a video takes to come in, or as long as somebody watches. Pure. */
export const longRequests = [
  { name: 'resumable uploads', match: { prefixMatch: '/uploads' } },
  { name: 'archives of clips', match: { prefixMatch: '/archives/' } },
  { name: 'events of all tasks', match: { fullPathMatch: '/events' } },
  { name: 'events of one task', match: { pathTemplateMatch: '/tasks/*/events' } },
  {
    name: 'videos sent with a task',
    match: { fullPathMatch: '/tasks', headerMatches: [{ headerName: 'content-type', prefixMatch: 'multipart/' }] },
  },
] as const;

/** Seconds that the balancer gives a request from its first byte to the last of the answer. */
export const requestSeconds = { short: 60, long: 3600 } as const;

/** Route rules that send long requests to a backend of their own, so that a stuck short one is still cut off early. */
export function longRouteRules<Service>(service: Service) {
  return longRequests.map(({ match }, index) => ({
    priority: index + 1,
    service,
    matchRules: [{ ...match, headerMatches: 'headerMatches' in match ? [...match.headerMatches] : undefined }],
  }));
}
