/** The import rules of ARCHITECTURE.md: imports go down only, and what is pure stays pure. */
const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });
const tests = '\\.(test|fixture)\\.ts$|/scripts/';

module.exports = {
  forbidden: [
    rule(
      'no-cycles',
      'A cycle hides which of two files stands above the other.',
      {},
      { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    ),
    rule(
      'foundations-import-nothing-of-ours',
      'kube, crd and pki stand alone.',
      { path: '^packages/(kube|crd|pki)/src', pathNot: tests },
      { path: '^(packages|operators|cli|bench|test)/', pathNot: ['^packages/$1/'] },
    ),
    rule(
      'runtime-imports-kube-crd-and-pki',
      'The runtime knows no operator, no builder and no test tool.',
      { path: '^packages/runtime/src', pathNot: tests },
      { path: '^(packages|operators|cli|bench|test)/', pathNot: ['^packages/(runtime|kube|crd|pki)/'] },
    ),
    rule(
      'resources-imports-types-only',
      'Builders are pure: types of kube, nothing that runs.',
      { path: '^packages/resources/src', pathNot: tests },
      {
        path: '^(packages|operators|cli|bench|test)/',
        pathNot: ['^packages/resources/'],
        dependencyTypesNot: ['type-only'],
      },
    ),
    rule(
      'dsoi-serves-any-operator',
      'Clusters of several node types stand on the runtime and know no operator.',
      { path: '^packages/dsoi/src', pathNot: tests },
      { path: '^(operators|cli|bench|test)/|^packages/(controlplane|testkit)/' },
    ),
    rule(
      'control-plane-and-testkit-stay-low',
      'They serve tests of any operator, so they know none.',
      { path: '^packages/(controlplane|testkit)/src', pathNot: tests },
      { path: '^(operators|cli|bench|test)/|^packages/resources/' },
    ),
    rule(
      'control-plane-does-not-know-the-runtime',
      'It starts an API server; what runs against it is not its business.',
      { path: '^packages/controlplane/src', pathNot: tests },
      { path: '^packages/(runtime|testkit)/' },
    ),
    rule(
      'operators-do-not-import-each-other',
      'Each operator ships alone.',
      { path: '^operators/([^/]+)/' },
      { path: '^operators/', pathNot: '^operators/$1/' },
    ),
    rule(
      'operators-import-what-they-ship-with',
      'Test tools and the command line never reach an operator.',
      { path: '^operators/[^/]+/src', pathNot: tests },
      { path: '^(cli|bench|test)/|^packages/(controlplane|testkit)/' },
    ),
    rule(
      'examples-import-what-their-readers-would',
      'An example is an operator of somebody else: the packages, and test tools only in tests and in what shows it.',
      { path: '^examples/[^/]+/src', pathNot: [tests, '/show\\.ts$'] },
      { path: '^(operators|cli|bench|test)/|^packages/(controlplane|testkit)/' },
    ),
    rule(
      'decisions-are-pure',
      'What decides does no I/O and reads no clock, so that the same input always gives the same answer.',
      {
        path: '^operators/[^/]+/src/(api/|judge/|children/|spec/|status/|status\\.ts|shape\\.ts|protection\\.ts|proxy/|rebootstrap/(advance|opt-in)|rollout/(next|stale))',
        pathNot: tests,
      },
      { dependencyTypes: ['core'], pathNot: '^(node:)?crypto$' },
    ),
    rule(
      'only-public-entries',
      'Other packages are used through their index.ts, or what else their package.json exports.',
      { path: '^(packages|operators|examples)/([^/]+)/' },
      {
        path: '^(packages|operators)/[^/]+/src/.+',
        pathNot: ['^$1/$2/', '^(packages|operators)/[^/]+/src/index\\.ts$', '^packages/testkit/src/global-setup\\.ts$'],
      },
    ),
    rule(
      'no-undeclared-dependency',
      'What is imported stands in the package.json of the importing package.',
      { pathNot: tests },
      {
        dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'unknown', 'undetermined'],
        pathNot: '^(packages|operators|cli)/',
      },
    ),
    rule(
      'test-tools-stay-in-tests',
      'vitest, fast-check and the peers we compare with never ship, but with the testkit.',
      { path: '^(packages|operators|cli)/[^/]+/src', pathNot: [tests, '^packages/testkit/'] },
      { path: 'node_modules/(vitest|fast-check|@kubernetes)' },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(node_modules|dist|coverage)/|packages/controlplane/go/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.mjs', '.js', '.json'],
    },
  },
};
