import { FixtureConsole } from './fixture-console.fixture.ts';

// Serves the page over made-up data, to work on it by hand: `node cli/src/console/serve-fixture.fixture.ts [port] [token]`.
const [port = '8099', mode = 'kubeconfig'] = process.argv.slice(2);
const fixture = await FixtureConsole.start({
  port: Number(port),
  session: { mode: mode === 'token' ? 'token' : 'kubeconfig' },
});
console.log(fixture.url);
