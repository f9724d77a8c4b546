import { consoleCommand } from './command.ts';

// The command as `capstan` runs it, for a test that needs a process of its own.
await consoleCommand().parseAsync();
