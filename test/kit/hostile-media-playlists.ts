import { box, text } from './hostile-media-bytes.ts';
import type { Hostile } from './hostile-media.ts';

/** Files that have a decoder open others: a file of this machine, or an address. */
export const playlists: Hostile[] = [
  list(
    'HLS: a local file',
    'mp4',
    ({ file }) => `#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n${file}\n#EXT-X-ENDLIST\n`,
  ),
  list('HLS: a file address', 'ts', ({ file }) => `#EXTM3U\n#EXTINF:9,\nfile://${file}\n#EXT-X-ENDLIST\n`),
  list(
    'HLS: a server',
    'mp4',
    ({ url }) => `#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n${url}/a.ts\n#EXT-X-ENDLIST\n`,
  ),
  list(
    'HLS: a key from a server',
    'ts',
    ({ file, url }) => `#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="${url}/key"\n#EXTINF:9,\n${file}\n`,
  ),
  list(
    'HLS: a header section',
    'mp4',
    ({ file, url }) => `#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-MAP:URI="${file}"\n#EXTINF:9,\n${url}/a.m4s\n`,
  ),
  list('HLS: another playlist', 'mkv', ({ url }) => `#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n${url}/other.m3u8\n`),
  list(
    'HLS: by way of concat and subfile',
    'mp4',
    ({ file, url }) => `#EXTM3U\n#EXTINF:9,\nconcat:${file}|${url}/x\n#EXTINF:9,\nsubfile,,start,0,end,0,,:${file}\n`,
  ),
  list(
    'HLS: with a byte order mark',
    'mp4',
    ({ file }) => `\xef\xbb\xbf#EXTM3U\n#EXTINF:9,\n${file}\n#EXT-X-ENDLIST\n`,
  ),
  {
    name: 'HLS: in UTF-16',
    extension: 'mp4',
    opensOthers: true,
    make: ({ file }) => Buffer.from(`\ufeff#EXTM3U\n#EXTINF:9,\n${file}\n`, 'utf16le'),
  },
  {
    name: 'HLS: after the first box of an mp4',
    extension: 'mp4',
    opensOthers: true,
    make: ({ file, url }) =>
      Buffer.concat([
        box('ftyp', [text('isom\0\0\0\0')]),
        text(`\n#EXTM3U\n#EXTINF:9,\n${file}\n#EXTINF:9,\n${url}\n`),
      ]),
  },
  list('ffconcat: a local file', 'mkv', ({ file }) => `ffconcat version 1.0\nfile 'file:${file}'\n`),
  list('ffconcat: a server', 'mp4', ({ url }) => `ffconcat version 1.0\nfile '${url}/a.mp4'\n`),
  list('DASH: a local file', 'mp4', ({ file }) => mpd(file)),
  list('DASH: a server', 'mkv', ({ url }) => mpd(`${url}/a.mp4`)),
  list(
    'DASH: an external entity',
    'mp4',
    ({ file }) => `<?xml version="1.0"?><!DOCTYPE MPD [<!ENTITY x SYSTEM "file://${file}">]>${mpd('&x;')}`,
  ),
  list(
    'SDP: a port of this machine',
    'mp4',
    ({ url }) =>
      `v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video ${new URL(url).port} RTP/AVP 96\na=rtpmap:96 H264/90000\n`,
  ),
  list(
    'SVG: a picture from a file',
    'mp4',
    ({ file, url }) =>
      `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="64" height="64"><image xlink:href="file://${file}" width="64" height="64"/><image xlink:href="${url}/a.png"/></svg>`,
  ),
  list(
    'IMF: a composition',
    'mp4',
    ({ file }) =>
      `<?xml version="1.0"?><CompositionPlaylist xmlns="http://www.smpte-ra.org/schemas/2067-3/2016"><Id>urn:uuid:0</Id><Asset><Path>${file}</Path></Asset></CompositionPlaylist>`,
  ),
  list('RTSP redirect', 'mp4', ({ url }) => `RTSPtext\nrtsp://${new URL(url).host}/x\n`),
  list(
    'VobSub index',
    'mkv',
    ({ file }) => `# VobSub index file, v7\nid: en, index: 0\n# alt: ${file}\ntimestamp: 00:00:00:000, filepos: 0\n`,
  ),
  list('AviSynth script', 'avi', ({ file }) => `AviSource("${file}")\n`),
];

function list(name: string, extension: string, make: (canary: { file: string; url: string }) => string): Hostile {
  return { name, extension, opensOthers: true, make: (canary) => text(make(canary)) };
}

function mpd(address: string): string {
  return `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT9S"><Period><AdaptationSet mimeType="video/mp4"><Representation id="0" bandwidth="1"><BaseURL>${address}</BaseURL></Representation></AdaptationSet></Period></MPD>`;
}
