/** What FFmpeg may know of our environment: where programs and libraries are, and none of our secrets. */
const passedOn = ['PATH', 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH', 'TMPDIR', 'SystemRoot'];

/**
 * The environment of every FFmpeg and ffprobe. Pure.
 * @param env our own, as a rule `process.env`
 */
export function toolEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    ...Object.fromEntries(passedOn.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]]))),
    LC_ALL: 'C',
    // Static builds load the machine's character converters when a transport stream names its service, and crash on a
    // glibc other than their own. Without a folder to load from they go on without the name.
    GCONV_PATH: '/nonexistent',
  };
}
