const notice = 'keep their notice with every copy';

/** The licences that are known here, by their SPDX id, and what each asks of somebody who passes the code on. */
export const licenceTerms: Readonly<Record<string, string>> = {
  '0BSD': 'nothing',
  'CC0-1.0': 'nothing',
  'MIT-0': 'nothing',
  Unlicense: 'nothing',
  'BSD-2-Clause': notice,
  'BSD-3-Clause': `${notice}; do not advertise with their names`,
  'BlueOak-1.0.0': notice,
  ISC: notice,
  MIT: notice,
  'MIT-CMU': notice,
  'PSF-2.0': `${notice}; sum up what was changed`,
  Zlib: 'do not call changed code the original',
  'Apache-2.0': 'keep the licence and NOTICE files, mark changed files; ends for who sues over its patents',
  'MPL-2.0': 'give the source of changed files under the same licence',
  'LGPL-3.0-only': 'give the source of the library, changed or not, and let users replace it',
};

/** What older Python packages write where an SPDX id belongs. */
const otherNames: Readonly<Record<string, string>> = {
  'License :: OSI Approved :: Apache Software License': 'Apache-2.0',
  'License :: OSI Approved :: BSD License': 'BSD-3-Clause',
  'License :: OSI Approved :: MIT License': 'MIT',
  'License :: OSI Approved :: Python Software Foundation License': 'PSF-2.0',
  'Apache License, Version 2.0': 'Apache-2.0',
};

/** What package metadata states as an SPDX expression, such as `MIT` or `(MIT OR GPL-3.0-or-later)`. */
export const spdxOf = (stated: string): string => otherNames[stated] ?? stated.replaceAll(/[()]/g, '');

/** What an expression asks: of alternatives the first that is known; undefined where a part of it is not known. */
export const termsOf = (expression: string): readonly string[] | undefined => {
  for (const alternative of expression.split(' OR ')) {
    const terms = alternative.split(' AND ').map((id) => licenceTerms[id]);
    if (terms.every((term) => term !== undefined)) {
      const asked = new Set(terms.filter((term) => term !== 'nothing'));
      return asked.size === 0 ? ['nothing'] : [...asked];
    }
  }
  return undefined;
};

/** The licence that a Python package's METADATA states, as an SPDX expression; undefined where it states none. */
export const pythonLicence = (metadata: string): string | undefined => {
  const headers = metadata.split(/\r?\n\r?\n/, 1)[0] ?? '';
  const all = (name: string) =>
    [...headers.matchAll(new RegExp(`^${name}: (.*)$`, 'gm'))].map((match) => match[1] ?? '');
  const [stated] = [
    ...all('License-Expression'),
    ...all('Classifier').filter((classifier) => classifier.startsWith('License ::')),
    ...all('License'),
  ];
  return stated === undefined ? undefined : spdxOf(stated);
};
