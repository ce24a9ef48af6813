// What tsc does not copy into dist: profiles and pictures.
import { cpSync } from 'node:fs';

for (const folder of ['shared/task/profiles', 'shared/task/images']) {
  cpSync(folder, `dist/${folder}`, { recursive: true });
}
