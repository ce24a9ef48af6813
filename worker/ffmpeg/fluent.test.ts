import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandLine, fluentCommand } from './fluent.ts';

const tools = { ffmpeg: 'ffmpeg', ffprobe: 'ffprobe', layers: [], missingLayers: [] };
const allowance = { memory: 1, cpuSeconds: 1, fileSize: 1 };

test('the library passes a command on as it is', () => {
  const command = {
    inputs: [
      { address: 'file:/a folder/in.mp4', options: ['-ss', '20'] },
      { address: 'file:/bumper.png', options: [] },
    ],
    filters: ["[0:0]fps=24,select='not(mod(n, 2))'[v]", '[1:0]null[w]'],
    options: ['-map', '[v]', '-metadata', 'title=two words'],
    output: 'file:/a folder/out.mp4',
  };
  assert.deepEqual(commandLine(fluentCommand(command, tools, allowance)), [
    ...['-nostdin', '-y', '-hide_banner', '-loglevel', 'repeat+level+info', '-benchmark'],
    ...['-stats', '-stats_period', '0.5'],
    ...['-ss', '20', '-i', 'file:/a folder/in.mp4', '-i', 'file:/bumper.png'],
    ...['-filter_complex', "[0:0]fps=24,select='not(mod(n, 2))'[v];[1:0]null[w]"],
    ...['-map', '[v]', '-metadata', 'title=two words', 'file:/a folder/out.mp4'],
  ]);
});
