import { render } from 'preact';
import { App } from './shell/app.tsx';
import { takeDrops } from './shell/drop-files.ts';

takeDrops();
render(<App />, document.body);
