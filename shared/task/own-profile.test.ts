import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadCatalog } from './catalog.ts';
import { ownProfileSchema } from './own-profile.ts';
import type { Profile } from './profile.ts';

const catalog = await loadCatalog();
const whole = catalog.get('whole') as Profile;

const allowed = (change: object) => ownProfileSchema.safeParse({ ...whole, ...change }).success;
const video = (preset: string) => ({ codec: 'h264', preset, crf: 21 });
const keep = (max_width: number, max_height: number) => ({ fit: 'keep', max_width, max_height });

test('what the catalogue asks for an owner may ask for too', () => {
  for (const profile of catalog.values()) assert.ok(ownProfileSchema.safeParse(profile).success, profile.name);
});

test('a part of an own profile is at most four of the dearest of the catalogue', () => {
  assert.ok(allowed({ frame: keep(3840, 2160) }), '4K at any rate');
  assert.ok(!allowed({ frame: keep(3840, 2160), part_seconds: 21 }));
  assert.ok(!allowed({ frame: keep(3840, 2160), video: video('fast') }));
  assert.ok(allowed({ frame: keep(3840, 2160), video: video('slow'), fps: 24, part_seconds: 10 }));
  assert.ok(!allowed({ frame: keep(3840, 2160), video: video('slow'), fps: 30, part_seconds: 11 }));
  assert.ok(allowed({ part_seconds: 80 }) && !allowed({ part_seconds: 81 }));
  assert.ok(allowed({ frame: keep(640, 360), part_seconds: 600 }), 'small ones may be long');
});
