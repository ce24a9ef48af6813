import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** The way imports may point (docs/decisions/0001-imports-point-one-way.md). */
const boundaries = {
  client: ['shared', 'web', 'worker', 'local', 'infra', 'test', 'bench'],
  shared: ['client', 'web', 'worker', 'local', 'infra', 'test', 'bench'],
  web: ['client', 'worker', 'local', 'infra', 'test', 'bench'],
  worker: ['client', 'web', 'local', 'infra', 'test', 'bench'],
  local: ['infra', 'test', 'bench'],
  infra: ['web', 'worker', 'local', 'test', 'bench'],
};

const reasons = {
  client: 'client is what others would take away with them: it knows the service by its API alone.',
  shared: 'shared is what everybody stands on: it never looks up at a program that uses it.',
  web: 'web and worker meet only in shared: each must run without the other on its own machines.',
  worker: 'web and worker meet only in shared: each must run without the other on its own machines.',
  infra: 'infra describes the deployment: of the programs it may know types, and run nothing.',
  local: 'local wires web and worker in one process and knows nothing of tests or the deployment.',
};

/** Decisions that are tested whole: no I/O, so no import of anything that does it. */
const pure = [
  'shared/task/{states,plan,profile,media,progress,problem,warnings,keys}.ts',
  'worker/clip/{frame,args,args-filters,verify}.ts',
  'worker/ingest/{sniff,timeline,timeline-scan,probe-streams}.ts',
  'worker/ffmpeg/{input,output,command,environment,failure}.ts',
  'infra/group/{cloud-init,scaling}.ts',
  'infra/monitoring/{thresholds,filters,chart,dashboard}.ts',
  'shared/metrics/{figures,distribution,record,prometheus,time-series}.ts',
];

const noIo = [
  { regex: '^node:(?!path|assert|test)', message: 'This file only decides. Do the I/O in its caller.' },
  {
    regex: '^(knex|pg|undici|koa|fluent-ffmpeg|pino)',
    message: 'This file only decides. Do the I/O in its caller.',
  },
];

function lookUp(folder) {
  return { regex: `^(\\.\\./)+(${boundaries[folder].join('|')})(/|$)`, message: reasons[folder] };
}

function restrict(files, patterns) {
  return {
    files,
    ignores: ['**/*.test.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns }] },
  };
}

// A later entry replaces an earlier one, so that pure files get both kinds of pattern.
const boundaryRules = Object.keys(boundaries).flatMap((folder) => [
  restrict([`${folder}/**/*.ts`], [lookUp(folder)]),
  restrict(pure.filter((file) => file.startsWith(`${folder}/`)).concat(`${folder}/**/*.pure.ts`), [
    lookUp(folder),
    ...noIo,
  ]),
]);

export default tseslint.config(
  { ignores: ['node_modules/', 'dist/', 'build/', '.claqueta/', 'client/schema.d.ts'] },
  js.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked.map((config) => ({ ...config, files: ['**/*.{ts,tsx}'] })),
  {
    files: ['**/*.{ts,tsx}'],
    languageOptions: {
      parserOptions: {
        // Named, not found by a language service, which works on for edits that never come here.
        project: './tsconfig.json',
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      // Template literals with numbers read well and are safe.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      'no-console': 'error',
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
    },
  },
  ...boundaryRules,
  {
    // The page runs in browsers: of the rest it may know types, and the few values that are pure.
    files: ['web/ui/**/*.{ts,tsx}'],
    languageOptions: { parserOptions: { project: './web/ui/tsconfig.json' } },
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex:
                '^(\\.\\./)+(tasks/schema|auth|events|uploads|limits|admin|shared/(?!task/(problem|states|warnings)\\.ts$))',
              allowTypeImports: true,
              message: 'The page runs in browsers: it may know types of the service, and no code.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['infra/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^(\\.\\./)+shared(/|$)', allowTypeImports: true, message: reasons.infra }] },
      ],
    },
  },
  {
    files: ['**/*.test.ts', 'test/**/*.ts'],
    rules: {
      // node:test returns promises that the runner itself awaits.
      '@typescript-eslint/no-floating-promises': 'off',
    },
  },
  {
    files: ['**/*.mjs', '**/*.js'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } },
  },
);
