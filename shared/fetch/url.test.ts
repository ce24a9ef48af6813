import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostileUrls } from './hostile-urls.ts';
import { checkSourceUrl } from './url.ts';

const honest = [
  'http://example.com',
  'https://example.com/clip.mp4',
  'HTTPS://Example.COM/Clip.MP4',
  'https://example.com:443/clip.mp4?token=a%20b&x=1#t=10',
  'http://example.com:80/',
  'https://cdn-1.example.co.uk/a/b/c.mov',
  'https://my_bucket.s3.amazonaws.com/clip.mp4?X-Amz-Signature=0123',
  'https://storage.googleapis.com/bucket/clip.mp4',
  'https://xn--mnchen-3ya.de/film.mp4',
  'https://example.com/película.mp4?título=ñandú',
  'https://example.com/片.mp4',
  'https://example.com/Mi película (1).mp4?título=año nuevo&b="x"#a b',
  'https://example.com/ 127.0.0.1',
  'https://example.com/a\u00a0b.mp4',
  'https://münchen.de/film.mp4',
  'https://MÜNCHEN.de:443/film.mp4',
  'https://straße.münchen.de/',
  'https://cafe\u0301.fr/clip.mp4',
  'https://例え。jp/片.mp4',
  'https://пример.рф/',
  'https://i❤.ws/',
  'https://8.8.8.8/clip.mp4',
  'https://[2606:4700::1111]/clip.mp4',
  'https://example.com/?next=http://127.0.0.1/',
  'https://example.com/@user/clip.mp4',
  'https://internal.example.com/localhost.mp4',
  'https://' + 'a'.repeat(63) + '.com/',
  'https://example.com/' + 'a'.repeat(2048 - 'https://example.com/'.length),
];

test('honest addresses may be used as they stand', () => {
  for (const text of honest) {
    const checked = checkSourceUrl(text, []);
    assert.ok('url' in checked, `${text}: ${'refused' in checked && checked.refused}`);
    assert.equal(checked.url.href, new URL(text).href);
  }
});

test('what a browser would ask for is asked for', () => {
  const sent = {
    'https://example.com/Mi película (1).mp4?título=año nuevo#a b':
      'https://example.com/Mi%20pel%C3%ADcula%20(1).mp4?t%C3%ADtulo=a%C3%B1o%20nuevo#a%20b',
    'https://example.com/100%25%20a.mp4': 'https://example.com/100%25%20a.mp4',
    'https://Bücher.example.org/': 'https://xn--bcher-kva.example.org/',
  };
  for (const [text, href] of Object.entries(sent)) {
    const checked = checkSourceUrl(text, []);
    assert.equal('url' in checked && checked.url.href, href);
  }
});

test('white space round an address is not part of it', () => {
  const checked = checkSourceUrl(' \r\n\thttps://example.com/a b.mp4\n ', []);
  assert.ok('url' in checked);
  assert.equal(checked.url.href, 'https://example.com/a%20b.mp4');
  assert.equal(checked.text, 'https://example.com/a b.mp4', 'its owner reads it as it was written');
});

for (const [trick, urls] of Object.entries(hostileUrls)) {
  test(`${urls.length} hostile addresses are refused: ${trick}`, () => {
    assert.deepEqual(
      urls.filter((text) => 'url' in checkSourceUrl(text, [])),
      [],
    );
  });
}

test('the corpus of hostile addresses stays large and says nothing twice', () => {
  const all = Object.values(hostileUrls).flat();
  assert.ok(all.length >= 120);
  assert.equal(new Set(all).size, all.length);
});

test('a reason never repeats the address', () => {
  const checked = checkSourceUrl('http://10.1.2.3/secret', []);
  assert.ok('refused' in checked);
  assert.doesNotMatch(checked.refused, /10\.1|secret/);
});

test('exactly the host and port that the operator allows may be used', () => {
  const allow = ['127.0.0.1:9000', 'minio:9000', '[::1]:9000', 'Files.Internal:443', 'plain.internal:80'];
  const usable = (text: string) => 'url' in checkSourceUrl(text, allow);
  for (const text of [
    'http://127.0.0.1:9000/a.mp4',
    'http://minio:9000/a.mp4',
    'http://MINIO:9000/a.mp4',
    'http://[::1]:9000/a.mp4',
    'http://[0:0::1]:9000/a.mp4',
    'https://files.internal/a.mp4',
    'http://plain.internal/a.mp4',
  ])
    assert.ok(usable(text), text);
  for (const text of [
    'http://127.0.0.1/a.mp4',
    'http://127.0.0.1:9001/a.mp4',
    'http://127.0.0.2:9000/a.mp4',
    'http://127.1:9000/a.mp4',
    'http://2130706433:9000/a.mp4',
    'http://a.minio:9000/a.mp4',
    'http://minio/a.mp4',
    'http://[::2]:9000/a.mp4',
    'http://files.internal/a.mp4',
    'https://plain.internal/a.mp4',
    'ftp://minio:9000/a.mp4',
    'http://user@minio:9000/a.mp4',
    'http://minio:9000\\a.mp4',
  ])
    assert.ok(!usable(text), text);
});
