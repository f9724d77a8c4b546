/** Resolves as soon as `condition` holds; rejects with `what` after 10 s. */
export async function eventually(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const until = performance.now() + 10_000;
  while (!(await condition())) {
    if (performance.now() > until) throw new Error(`within 10 s it never came true that ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
