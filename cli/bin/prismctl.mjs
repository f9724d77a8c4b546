#!/usr/bin/env node
import { launch } from './launch.mjs';

await launch('prismctl', new URL('../src/prismctl/main.ts', import.meta.url));
