import { describe, expect, it } from 'vitest';
import { licenceTerms, pythonLicence, spdxOf, termsOf } from './licence-terms.ts';

describe('what a dependency asks', () => {
  it.each([
    ['MIT', [licenceTerms['MIT']]],
    ['(MIT OR GPL-3.0-or-later)', [licenceTerms['MIT']]],
    ['GPL-3.0-or-later OR MIT', [licenceTerms['MIT']]],
    ['BSD-3-Clause AND 0BSD AND MIT', [licenceTerms['BSD-3-Clause'], licenceTerms['MIT']]],
    ['0BSD AND CC0-1.0', ['nothing']],
    ['MIT AND GPL-3.0-or-later', undefined],
    ['AGPL-3.0-only', undefined],
    ['SEE LICENSE IN LICENSE.md', undefined],
    ['none stated', undefined],
  ])('by %s is %j', (stated, terms) => {
    expect(termsOf(spdxOf(stated))).toEqual(terms);
  });

  it.each([
    ['License-Expression: PSF-2.0\nClassifier: License :: OSI Approved :: MIT License\n\ntext', 'PSF-2.0'],
    ['License: Copyright (c) 2025\nClassifier: License :: OSI Approved :: MIT License\n\ntext', 'MIT'],
    ['License: Apache License, Version 2.0\n\ntext', 'Apache-2.0'],
    ['Name: a\n\nLicense: MIT', undefined],
  ])('is read from the metadata of a Python package: %j', (metadata, licence) => {
    expect(pythonLicence(metadata)).toBe(licence);
  });
});
