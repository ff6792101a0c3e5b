import { expect, it } from 'vitest';
import { shownUrl } from '../../../src/domain/webhook/shown-url.ts';

it.each([
  ['https://hooks.example/in', 'https://hooks.example/in'],
  ['https://hooks.example:8443/in?', 'https://hooks.example:8443/in'],
  ['https://hooks.example/in?key=s3cret', 'https://hooks.example/in?key=…'],
  ['https://hooks.example/in?key=s3cret&a=b&key=c', 'https://hooks.example/in?key=…&a=…&key=…'],
  ['https://hooks.example/in?s3cret', 'https://hooks.example/in?…'],
  ['https://Hooks.Example/in?=s3cret', 'https://hooks.example/in?=…'],
])('a URL is shown without the values of its query: %s', (url, shown) => {
  expect(shownUrl(url)).toBe(shown);
});
