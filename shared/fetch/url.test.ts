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
