import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const directory = new URL('./', import.meta.url);
const files = readdirSync(directory).filter((name) => /\.(js|html|css|svg)$/.test(name));
const textOf = (name: string) => readFileSync(new URL(name, directory), 'utf8');

const offenders = (pattern: RegExp) => files.filter((name) => pattern.test(textOf(name)));

it('no file makes markup or code out of text', () => {
  const makers = /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|setHTML|srcdoc/;
  expect(offenders(makers)).toEqual([]);
});

it('no markup has a script or a style in it, which the content security policy would refuse', () => {
  expect(offenders(/\sstyle=|<style|javascript:|\son\w+="|<script(?![^>]*\ssrc=)/)).toEqual([]);
});

it('nothing is loaded from elsewhere', () => {
  const addresses = files.flatMap((name) =>
    [...textOf(name).matchAll(/https?:\/\/[\w./-]+/g)].map(([address]) => address),
  );
  const told = ['http://www.w3.org/2000/svg', 'https://html.spec.whatwg.org/multipage/server-sent-events.html'];
  expect(addresses.filter((address) => !told.includes(address))).toEqual([]);
});

it('the style sheets and modules that are named are there', () => {
  const named = files.flatMap((name) =>
    [...textOf(name).matchAll(/(?:import\(?|from|url\(|href=|src=)\s*["']\.?\/?([\w-]+\.(?:js|css|svg))["']/g)].map(
      ([, file]) => file,
    ),
  );
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((file) => file === undefined || !files.includes(file))).toEqual([]);
});
