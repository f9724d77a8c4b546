// What helm test runs: the operator answers that it is ready, and API servers serve the kinds it works with.
import { readFileSync } from 'node:fs';

const { READY_URL = '', API_SERVER = '', TOKEN_FILE = '', RESOURCES = '', PATIENCE_MS = '60000' } = process.env;
const deadline = performance.now() + Number(PATIENCE_MS);

/** Asks until the answer is a good one: what was just installed takes a moment to be found. */
async function answer(url, headers = {}) {
  for (;;) {
    const problem = await problemOf(url, headers);
    if (typeof problem !== 'string') return problem;
    if (performance.now() > deadline) throw new Error(problem);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function problemOf(url, headers) {
  try {
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(5_000) });
    return response.ok ? response : `${url} answers with status ${response.status}: ${await response.text()}`;
  } catch (error) {
    return `${url} does not answer: ${error.cause?.message ?? error.message}`;
  }
}

try {
  await answer(READY_URL);
  console.log('the operator is ready');
  const authorization = `Bearer ${readFileSync(TOKEN_FILE, 'utf8').trim()}`;
  for (const resource of RESOURCES.split(' ')) {
    const [groupVersion, plural] = resource.split(/\/(?=[^/]+$)/);
    const list = await (await answer(`${API_SERVER}/apis/${groupVersion}`, { authorization })).json();
    if (!list.resources.some(({ name }) => name === plural)) throw new Error(`${groupVersion} has no ${plural}`);
    console.log(`${resource} is served`);
  }
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
